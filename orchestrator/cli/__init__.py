"""The command line: one verb a file, each added by its `register`.

Exit codes: 0 fine, 1 a failed test or check, 2 usage, 3 configuration, 4 a dependency unreachable or refused.
"""

from __future__ import annotations

import typer

from orchestrator.cli import check, demo, schema, serve, version

VERBS = (demo, serve, check, schema, version)


def build() -> typer.Typer:
    """The command with all its verbs."""
    app = typer.Typer(
        name="tandem",
        help="Phone and SMS as one conversation, for any assistant.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=True,
    )
    for verb in VERBS:
        verb.register(app)
    return app


def main() -> None:
    """The console script."""
    build()()
