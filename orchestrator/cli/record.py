"""`tandem record`: a session that happened, as a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.files import write
from orchestrator.cli.past import SessionArgument, history_of, present
from orchestrator.cli.remote import DEFAULT, EXIT_FAILED, ConfigOption, UrlOption
from orchestrator.scenarios.format import parse
from orchestrator.scenarios.past import scenario, welcome_of
from orchestrator.scenarios.stage import Configuration, run


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("record")(record)


def record(
    session: SessionArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; else it is printed.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the scenario is called.")] = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
) -> None:
    """Write a session that happened as a scenario, and play it: exit 0 if it passes, 1 if it is to be mended."""
    history = history_of(session, config, url)
    configuration = present(config)
    text = scenario(history, name=name, welcome=welcome_of(configuration, history.assistant))
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text)
    trouble = _trouble(text, str(out or "recorded.scenario.yaml"), configuration)
    typer.echo(trouble or "it passes", err=True)
    raise typer.Exit(EXIT_FAILED if trouble else 0)


def _trouble(text: str, name: str, configuration: Configuration) -> str:
    """What is wrong with the scenario on the present code; empty if it passes."""
    loaded = parse(text, name)
    if loaded.problems:
        return loaded.report
    failure = run(loaded.plays[0], configuration).failure
    if failure is None:
        return ""
    wanted = f"\nexpected: {failure.expected}\n     got: {failure.got}" if failure.expected else ""
    return f"{failure.place}: {failure.reason}{wanted}"
