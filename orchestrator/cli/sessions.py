"""`tandem sessions list | show | end | take-over | release`: the conversations of a running service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from orchestrator.cli.remote import (
    DEFAULT,
    ConfigOption,
    JsonOption,
    UrlOption,
    remote,
    show_columns,
    show_fields,
    show_json,
)
from orchestrator.cli.tail import told

Session = Annotated[str, typer.Argument(metavar="SESSION", help="The session's id.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="sessions", help="The conversations of a running service.", no_args_is_help=True)
    group.command("list")(list_sessions)
    group.command("show")(show)
    group.command("end")(end)
    group.command("take-over")(take_over)
    group.command("release")(release)
    app.add_typer(group)


def list_sessions(
    *,
    state: Annotated[
        list[str] | None, typer.Option(help="Only this state, may be repeated; `ended` only if named.")
    ] = None,
    assistant: Annotated[str, typer.Option(help="Only of this assistant.")] = "",
    q: Annotated[str, typer.Option("--find", help="A part of the number or of the id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most that many.")] = 50,
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """List sessions, newest first, without those that ended unless asked for."""
    with remote(config, url) as service:
        found = service.ask("GET", "/sessions", state=state or [], assistant=assistant, q=q, limit=limit)
    if as_json:
        show_json(found)
        return
    show_columns([line_of(session) for session in found["sessions"]], "no sessions")


def line_of(session: dict[str, Any]) -> tuple[str, ...]:
    """A session on one line."""
    number = session["customer"]["phone_number"] or "withheld"
    return (session["id"], session["state"], session["assistant"], number, session["last_event_at"])


def show(
    session: Session, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Show a session and its timeline."""
    with remote(config, url) as service:
        found = service.ask("GET", f"/sessions/{session}")
        events = list(service.pages(f"/sessions/{session}/events", "events"))
    if as_json:
        show_json({**found, "events": events})
        return
    show_fields(found)
    typer.echo("")
    for event in events:
        typer.echo(told(event))


def end(
    session: Session,
    *,
    say: Annotated[str, typer.Option(help="Said first, if the customer is on the phone.")] = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Close a session's call and thread."""
    body = {"action": "end"} | ({"say": say} if say else {})
    _act(session, body, "is being ended", config, url, as_json=as_json)


def take_over(
    session: Session, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Answer a session in the assistant's place: it is silent until `release`."""
    _act(session, {"action": "take_over"}, "is being taken over", config, url, as_json=as_json)


def release(
    session: Session, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Let the assistant answer again; it is told what was said meanwhile."""
    _act(session, {"action": "release"}, "is being given back", config, url, as_json=as_json)


def _act(session: str, body: dict[str, Any], what: str, config: Path, url: str, *, as_json: bool) -> None:
    with remote(config, url) as service:
        done = service.ask("POST", f"/sessions/{session}/actions", body)
    if as_json:
        show_json(done)
    else:
        typer.echo(f"{session} {what}; it was {done['state']}")
