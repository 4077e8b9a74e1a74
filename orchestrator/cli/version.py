"""`tandem version`."""

from __future__ import annotations

from importlib.metadata import version as installed

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("version")(version)


def version() -> None:
    """Print the version."""
    typer.echo(installed("tandem-orchestrator"))
