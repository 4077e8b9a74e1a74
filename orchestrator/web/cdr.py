"""Detail records: a row for each call, text or session, made of its summary and timeline. No words in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from orchestrator.core.effects import SendMessage
from orchestrator.outbox.entries import read_entry
from orchestrator.ports.sendings import Sending

Kind = Literal["call", "text", "session"]
Row = dict[str, Any]

COLUMNS: dict[Kind, tuple[str, ...]] = {
    "call": (
        *("session_id", "assistant", "phone_number", "number", "direction", "call_sid", "started_at"),
        *("answered_at", "ended_at", "duration", "outcome", "custom_data"),
    ),
    "text": (
        *("session_id", "assistant", "phone_number", "number", "direction", "id", "message_sid", "at"),
        *("status", "code", "reason", "segments", "encoding", "media", "late"),
    ),
    "session": (
        *("id", "assistant", "phone_number", "state", "consent", "opened_at", "last_event_at", "ended_at"),
        *(
            "previous_session_id",
            "calls",
            "texts_in",
            "texts_out",
            "turns",
            "prompt_tokens",
            "completion_tokens",
        ),
    ),
}
"""The fields of each kind, in the order of the columns of a CSV."""


def rows(kind: Kind, summary: Row, lines: Sequence[Row], sent: Iterable[Sending]) -> list[Row]:
    """The records of one session, newest first."""
    if kind == "session":
        return [_session(summary, lines)]
    made = _calls(summary, lines) if kind == "call" else _texts(summary, lines, by_text(sent))
    return made[::-1]


def key(kind: Kind, row: Row) -> str:
    """What names a record within its session."""
    return str(row["call_sid"] if kind == "call" else row["id"])


def moment(kind: Kind, row: Row) -> str:
    """When it was, RFC 3339."""
    return str(row[{"call": "started_at", "text": "at", "session": "opened_at"}[kind]])


def _whose(summary: Row) -> Row:
    return {
        "session_id": summary["id"],
        "assistant": summary["assistant"],
        "phone_number": summary["customer"]["phone_number"],
    }


def _count(lines: Sequence[Row], kind: str) -> int:
    return sum(line["type"] == kind for line in lines)


def _session(summary: Row, lines: Sequence[Row]) -> Row:
    ended = [line["at"] for line in lines if line["type"] == "session_ended"]
    fields = ("id", "assistant", "state", "consent", "opened_at", "last_event_at", "previous_session_id")
    return {
        **{name: summary[name] for name in fields},
        "phone_number": summary["customer"]["phone_number"],
        "ended_at": ended[-1] if ended else None,
        "calls": len(_calls(summary, lines)),
        "texts_in": _count(lines, "text_received"),
        "texts_out": _count(lines, "text_queued"),
        "turns": _count(lines, "turn_asked"),
        "prompt_tokens": _tokens(lines, "prompt"),
        "completion_tokens": _tokens(lines, "completion"),
    }


def _tokens(lines: Sequence[Row], kind: str) -> int:
    """What a language model's answers cost."""
    return sum(
        line["data"].get("usage", {}).get(kind, 0) for line in lines if line["type"] == "turn_answered"
    )


# Calls -------------------------------------------------------------------------------------------
def _calls(summary: Row, lines: Sequence[Row]) -> list[Row]:
    """A call begins with its start, or with its placing; what ends it belongs to the last one begun."""
    number = (summary["call"] or {}).get("number")
    made: dict[str, Row] = {}
    for line in lines:
        kind, data = line["type"], line["data"]
        if kind in {"call_started", "call_placed"}:
            begun = made.setdefault(data["call_sid"], _call(summary, number, line))
            if kind == "call_started":
                begun |= {"direction": data["direction"], "answered_at": line["at"]}
        elif kind in {"call_ended", "call_failed"} and made:
            last = list(made.values())[-1]
            last |= {"ended_at": line["at"], "outcome": data["reason"]}
            last["duration"] = _seconds(last["answered_at"], line["at"])
        elif kind == "context_changed" and made:
            last = list(made.values())[-1]
            last["custom_data"] = _custom(data) or last["custom_data"]
    return list(made.values())


def _call(summary: Row, number: str | None, line: Row) -> Row:
    return {
        **_whose(summary),
        "number": number,
        "direction": "outbound",
        "call_sid": line["data"]["call_sid"],
        "started_at": line["at"],
        **dict.fromkeys(("answered_at", "ended_at", "duration", "outcome", "custom_data")),
    }


def _custom(data: Row) -> Row | None:
    """What the assistant put into the context for the record, where Watson's dialogues put it:
    `integrations.voice_telephony.cdr_custom_data`.
    """
    found: Any = data.get("changes")
    for part in ("integrations", "to", "voice_telephony", "cdr_custom_data"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else None


def _seconds(start: str | None, end: str) -> int:
    if start is None:
        return 0
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


# Texts -------------------------------------------------------------------------------------------
def by_text(sent: Iterable[Sending]) -> dict[str, Sending]:
    """What the outbox remembers, by the id of the text."""
    read = ((read_entry(entry.payload).effect, entry) for entry in sent)
    return {effect.text_id: entry for effect, entry in read if isinstance(effect, SendMessage)}


def _texts(summary: Row, lines: Sequence[Row], sent: Mapping[str, Sending]) -> list[Row]:
    failed = _failed(lines)
    number = summary["thread"]["number"]
    made = []
    for line in lines:
        if line["type"] == "text_received":
            made.append({**_text(summary, number, line), **_came(line["data"])})
        elif line["type"] == "text_queued":
            name = line["data"]["text_id"]
            made.append(
                {**_text(summary, number, line), **_left(line["data"], failed.get(name), sent.get(name))}
            )
    return made


def _failed(lines: Sequence[Row]) -> dict[str, Row]:
    """What is known of the failures, by the id of the text: what was found after all is none."""
    failed: dict[str, Row] = {}
    for line in lines:
        if line["type"] == "text_failed":
            failed[line["data"]["text_id"]] = line["data"]
        elif line["type"] == "text_found":
            failed.pop(line["data"]["text_id"], None)
    return failed


def _text(summary: Row, number: str | None, line: Row) -> Row:
    return {**dict.fromkeys(COLUMNS["text"]), **_whose(summary), "number": number, "at": line["at"]}


def _came(data: Row) -> Row:
    return {
        "direction": "inbound",
        "id": data["message_sid"],
        "message_sid": data["message_sid"],
        "status": "received",
        "media": data["media"],
        "late": data["late"],
    }


def _left(data: Row, failed: Row | None, sent: Sending | None) -> Row:
    """Of a text of ours; its status is null once the outbox has forgotten it and nothing failed."""
    status = sent.status if sent else None
    return {
        "direction": "outbound",
        "id": data["text_id"],
        "message_sid": (sent.carrier_id or None) if sent else None,
        "status": "failed" if failed and status not in {"undelivered", "failed"} else status,
        "code": (failed["code"] or None) if failed else ((sent.code or None) if sent else None),
        "reason": failed["reason"] if failed else None,
        "segments": data["segments"],
        "encoding": data["encoding"],
    }
