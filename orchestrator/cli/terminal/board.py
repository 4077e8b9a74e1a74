"""What happens to the phone, shown as lines of the two lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from orchestrator.cli.lanes import Lanes
from orchestrator.cli.terminal.phone import Happened

Say = Callable[[Any], str]
ENDS = {
    "completed": "the call is over",
    "busy": "the call was declined",
    "no-answer": "nobody picked up",
    "failed": "the call failed",
    "canceled": "the call was given up",
}


def _sound(data: Any) -> str:
    return str(data["text"]) if data.get("sound", "say") == "say" else f"[{data['text']}]"


def _with_media(data: Any) -> str:
    return " ".join([str(data["text"]), *(f"[{url}]" for url in data.get("media", ()))]).strip()


def _began(data: Any) -> str:
    return "-- calling --" if data.get("direction") == "inbound" else "-- a call to this phone --"


LINES: dict[str, tuple[str, str, Say]] = {
    "call_started": ("voice", "", _began),
    "ringing": ("voice", "", lambda _: "-- it rings: /answer or /decline --"),
    "call_answered": ("voice", "", lambda _: "-- the call is up --"),
    "call_ended": ("voice", "", lambda data: f"-- {ENDS.get(data.get('status'), 'the call ended')} --"),
    "heard": ("voice", "bot", _sound),
    "said": ("voice", "you", lambda data: str(data["text"])),
    "pressed": ("voice", "you", lambda data: f"[keys {data['text']}]"),
    "silent": ("voice", "you", lambda _: "[silence]"),
    "dialed": ("voice", "", lambda data: f"-- put through: {data.get('status')} --"),
    "referred": ("voice", "", lambda data: f"-- handed over: {data.get('status')} --"),
    "received": ("sms", "bot", _with_media),
    "texted": ("sms", "you", _with_media),
}
"""Of each kind that is shown: its lane, who did it, and the words."""


def printable(words: str) -> str:
    """Words that cannot steer a terminal: what is no character to print is a blank."""
    return "".join(char if char.isprintable() else " " for char in words)


class Board:
    """Prints what happened, with the session's state where it is another one now."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._first: float | None = None
        self._last = 0.0
        self._state = "idle"

    def show(self, events: Iterable[Happened], state: str) -> None:
        """Print these, the state beside the last line."""
        shown = [event for event in events if event.kind in LINES]
        for place, event in enumerate(shown):
            lane, who, words = LINES[event.kind]
            if event.data.get("by_carrier") or event.data.get("sound") == "carrier":
                who = "carrier"
            is_last = place == len(shown) - 1
            said = printable(words(event.data))
            self._lanes.line(
                self._seconds(event.at), lane, who, said, state if is_last and state != self._state else ""
            )
        if not shown and state != self._state:
            self._lanes.line(self._last, "voice", "", "", state)
        self._state = state

    def is_news(self, events: Iterable[Happened], state: str) -> bool:
        """Whether `show` would print anything."""
        return state != self._state or any(event.kind in LINES for event in events)

    def _seconds(self, at: float) -> float:
        """Since the first thing shown."""
        self._first = at if self._first is None else self._first
        self._last = at - self._first
        return self._last
