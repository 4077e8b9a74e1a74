"""`tandem replay`: a session that happened, played again on the present code, and what differs."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestrator.cli.past import SessionArgument, history_of, present
from orchestrator.cli.remote import DEFAULT, EXIT_FAILED, ConfigOption, JsonOption, UrlOption, show_json
from orchestrator.scenarios.past import Difference, welcome_of
from orchestrator.scenarios.past import replay as play_again


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    session: SessionArgument,
    *,
    assistant: Annotated[
        str, typer.Option("--assistant", help="Let this assistant answer, instead of as it was answered.")
    ] = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Send a session's webhooks to the present code and configuration: exit 0 if nothing differs, else 1."""
    history = history_of(session, config, url)
    configuration = present(config)
    welcome = welcome_of(configuration, history.assistant)
    try:
        found = play_again(history, configuration, live=assistant, welcome=welcome)
    except ValueError as error:
        typer.echo(f"this session cannot be played again: {error}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    _tell(found, as_json=as_json)
    raise typer.Exit(0 if found.is_none else EXIT_FAILED)


def _tell(found: Difference, *, as_json: bool) -> None:
    if as_json:
        show_json(found.as_json())
        return
    for line in found.lines:
        typer.echo(line)
    if found.stopped:
        typer.echo(f"stopped: {found.stopped}", err=True)
    if found.is_none:
        typer.echo("nothing differs")
