"""A session, a timeline line and a refusal as the API shows them: times RFC 3339 UTC, numbers whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from orchestrator.core.effects import Note, Refusal
from orchestrator.core.session import Call, Session
from orchestrator.core.states import handler_of, joint_state

SHOWN_TIMERS = ("text_reply", "reminder", "session")
"""Timers that people see; others are internal."""
MOMENTS = frozenset({"waits_until"})
"""Facts of a timeline line that are moments."""


def rfc3339(at: float | None) -> str | None:
    """A moment in UTC, to the millisecond."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def summary(session: Session, permitted: Sequence[str]) -> dict[str, Any]:
    """The session as `GET /api/v1/sessions` shows it."""
    return {
        "id": session.id,
        "assistant": session.assistant,
        "customer": {"phone_number": session.customer},
        "state": joint_state(session),
        "call": _call(session.call, session.call_state),
        "thread": {"state": session.thread_state, "number": session.thread.number or None},
        "consent": session.consent,
        "handler": handler_of(session),
        "context": session.context,
        "timers": [
            {"name": name, "due_at": rfc3339(session.timers[name])}
            for name in SHOWN_TIMERS
            if name in session.timers
        ],
        "allowed": list(permitted),
        "last_text_error": session.last_text_error,
        "waiting_texts": [
            {"text_id": text.text_id, "until": rfc3339(text.until)}
            for text in session.waiting
            if text.until > session.last_event_at
        ],
        "previous_session_id": session.previous_session_id,
        "opened_at": rfc3339(session.opened_at),
        "last_event_at": rfc3339(session.last_event_at),
    }


def _call(call: Call | None, state: str) -> dict[str, Any] | None:
    if call is None:
        return None
    return {
        "state": state,
        "call_sid": call.call_sid,
        "direction": call.direction,
        "number": call.number,
        "started_at": rfc3339(call.started_at),
        "ended_at": rfc3339(call.ended_at),
    }


def timeline_line(note: Note, line_id: str, now: float, before: str, after: str) -> dict[str, Any]:
    """One line of the timeline; message text loses its `pii.` mark here, where readers are signed in."""
    return {
        "id": line_id,
        "at": rfc3339(now),
        "type": note.type,
        "channel": note.channel,
        "state": before,
        "state_after": after,
        "data": {key.removeprefix("pii."): _shown(key, value) for key, value in note.data.items()},
    }


def _shown(key: str, value: Any) -> Any:
    return rfc3339(value) if key in MOMENTS else value


def refusal_line(refusal: Refusal, session: Session, now: float) -> dict[str, Any]:
    """One text that was turned away."""
    return {
        "at": rfc3339(now),
        "assistant": session.assistant,
        "phone_number": session.customer,
        "message_sid": refusal.message_sid,
        "reason": refusal.reason,
    }
