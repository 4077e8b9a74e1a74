"""Sessions as the play sees them while a turn is open.

What a turn changes is decided when the bot is asked, and written when it has answered: until then the API
shows how it was before. The bot sees how it is, and so do the checks of a play.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

View = dict[str, Any]
OPEN = frozenset({"open", "awaiting_reply"})
TIMERS = {"awaiting_text": {"text_reply", "reminder"}, "text_only": {"text_reply", "reminder", "session"}}
"""Timers that may run in a state; in the others none does that people see."""


def with_turn(sessions: Sequence[View], request: Mapping[str, Any]) -> list[View]:
    """Sessions of the API, newest first, with the one that the turn is about as the bot sees it."""
    name = request["session_id"]
    before = next((each for each in sessions if each["id"] == name), None)
    others = [each for each in sessions if each["id"] != name]
    return [_seen(before or _new(request), request), *others]


def _new(request: Mapping[str, Any]) -> View:
    return {
        "id": request["session_id"],
        "customer": request["customer"],
        "call": None,
        "thread": {"state": "none"},
        "timers": [],
    }


def _seen(session: View, request: Mapping[str, Any]) -> View:
    state = request["state"]
    running = TIMERS.get(state, set())
    return session | {
        "state": state,
        "context": request["context"],
        "call": _call(session["call"], request["channels"]["voice"]),
        "thread": {
            "state": _thread(session["thread"]["state"], state, is_open=request["channels"]["sms"]["open"])
        },
        "timers": [timer for timer in session["timers"] if timer["name"] in running],
    }


def _call(call: View | None, voice: Mapping[str, Any]) -> View | None:
    was = call["state"] if call else "none"
    if not voice["live"]:
        return {"state": "ended"} if call else None
    return {"state": "thinking" if was in {"none", "ended", "dialing"} else was}


def _thread(was: str, state: str, *, is_open: bool) -> str:
    if not is_open:
        return "none" if was == "none" else "closed"
    if state == "awaiting_text":
        return "awaiting_reply"
    return was if was in OPEN and state == "text_only" else "open"
