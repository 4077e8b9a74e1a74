"""`tandem tail`: timelines as they grow, of one session or of all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import httpx
import typer

from orchestrator.cli.remote import DEFAULT, ConfigOption, JsonOption, Remote, UrlOption, remote, show_json
from orchestrator.web.api.queries import STATES

EVERY = 1.0
"""Seconds between two looks; lists are behind the commit by at most that."""
NEWEST = 200
"""Sessions of a look: those that changed since the look before are among the newest."""
ENDED = "ended"
Event = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tail")(tail)


def tail(
    session: Annotated[str, typer.Argument(metavar="[SESSION]", help="Only this session.")] = "",
    *,
    follow: Annotated[bool, typer.Option(help="Go on until Ctrl-C; else only what is there now.")] = True,
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Print a session's timeline, or what happens in all of them from now on, as it happens."""
    show = show_json if as_json else show_line
    try:
        with remote(config, url) as service:
            if session:
                follow_one(service, session, show, follow=follow)
            else:
                follow_all(service, show, follow=follow)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def follow_one(service: Remote, session: str, show: Callable[[Event], None], *, follow: bool) -> None:
    """The whole timeline, then each line as the stream brings it, until the session has ended.

    A stream that ends is opened again.
    """
    last = ""
    for event in service.pages(f"/sessions/{session}/events", "events"):
        show(event)
        last = event["id"]
    while follow and not has_ended(service, session):
        for event in stream(service, session, last):
            show(event)
            last = event["id"]
            if event["state_after"] == ENDED:
                return
        time.sleep(EVERY)


def has_ended(service: Remote, session: str) -> bool:
    """Whether nothing more is to come; raises if the service is gone."""
    return bool(service.ask("GET", f"/sessions/{session}")["state"] == ENDED)


def stream(service: Remote, session: str, last: str) -> Iterator[Event]:
    """The lines after `last` until the stream ends."""
    headers = {"Accept": "text/event-stream", "Last-Event-ID": last}
    path = f"/sessions/{session}/events"
    try:
        with service.client.stream("GET", path, headers=headers, timeout=httpx.Timeout(10, read=60)) as got:
            for line in got.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))
    except httpx.TransportError:
        return


def follow_all(service: Remote, show: Callable[[Event], None], *, follow: bool) -> None:
    """Each new line of each session; without `follow` each line that is there."""
    before = {session["id"]: session["last_event_at"] for session in newest(service)} if follow else {}
    last: dict[str, str] = {}
    while True:
        for session in reversed(newest(service)):
            name, at = session["id"], before.get(session["id"], "")
            if at == session["last_event_at"]:
                continue
            before[name] = session["last_event_at"]
            is_followed = name in last
            for event in service.pages(f"/sessions/{name}/events", "events", last.get(name, "")):
                last[name] = event["id"]
                if is_followed or event["at"] > at:  # of a session from before: what came since
                    show({**event, "session_id": name})
        if not follow:
            return
        time.sleep(EVERY)


def newest(service: Remote) -> list[dict[str, Any]]:
    """The sessions in which something happened last."""
    found: list[dict[str, Any]] = service.ask("GET", "/sessions", state=list(STATES), limit=NEWEST)[
        "sessions"
    ]
    return found


def show_line(event: Event) -> None:
    """One event on one line; of all sessions, with the session."""
    name = event.get("session_id")
    typer.echo(f"{name}  {told(event)}" if name else told(event))


def told(event: Event) -> str:
    """One event for people."""
    data = " ".join(f"{name}={value}" for name, value in event["data"].items() if value not in (None, ""))
    at, state = event["at"][11:23], event["state_after"]
    return f"{at}  {event['channel'] or '-':5}  {state:16}  {event['type']}  {data}".rstrip()
