"""`tandem export`: what a running service has on record, as JSON lines or CSV on standard output."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from orchestrator.cli.remote import DEFAULT, ConfigOption, Remote, UrlOption, remote
from orchestrator.web.api.queries import STATES

COLUMNS = {
    "session": (
        *("id", "assistant", "phone_number", "state", "consent", "call_sid", "direction", "started_at"),
        *("ended_at", "opened_at", "last_event_at", "previous_session_id"),
    ),
    "event": ("session_id", "id", "at", "type", "channel", "state", "state_after", "data"),
    "refusal": ("at", "assistant", "phone_number", "message_sid", "reason"),
}
"""The columns of a CSV; JSON lines hold each record whole."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Begins of a cell that spreadsheets carry out; such a cell gets an apostrophe, a phone number does not."""


class Kind(StrEnum):
    """What is exported."""

    session = "session"
    event = "event"
    refusal = "refusal"


class Format(StrEnum):
    """How."""

    json = "json"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    kind: Annotated[Kind, typer.Option(help="Which records.")] = Kind.session,
    *,
    format_: Annotated[Format, typer.Option("--format", help="JSON lines, or CSV.")] = Format.json,
    json_: Annotated[bool, typer.Option("--json", help="As --format json.")] = False,
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
) -> None:
    """Write sessions, their events or refusals, newest first, as JSON lines or CSV."""
    with remote(config, url) as service:
        write(records(service, kind), kind, Format.json if json_ else format_)


def write(found: Iterable[dict[str, Any]], kind: Kind, form: Format) -> None:
    """Each record as it comes: nothing is held."""
    if form is Format.json:
        for record in found:
            typer.echo(json.dumps(record, ensure_ascii=False))
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS[kind], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(map(flat, found))


def records(service: Remote, kind: Kind) -> Iterator[dict[str, Any]]:
    """Every record of a kind that is still kept."""
    if kind is Kind.refusal:
        yield from service.pages("/refusals", "refusals")
        return
    for session in service.pages("/sessions", "sessions", state=list(STATES)):
        if kind is Kind.session:
            yield session
        else:
            for event in service.pages(f"/sessions/{session['id']}/events", "events"):
                yield {"session_id": session["id"], **event}


def flat(record: dict[str, Any]) -> dict[str, str]:
    """A record as a row: what is inside of customer and call stands beside the rest."""
    call = record.get("call") or {}
    more = {name: call[name] for name in ("call_sid", "direction", "started_at", "ended_at") if name in call}
    return {name: cell(value) for name, value in {**record, **record.get("customer", {}), **more}.items()}


def cell(value: Any) -> str:
    """A value as text that no spreadsheet carries out."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    is_number = text.startswith("+") and text[1:].isdecimal()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text
