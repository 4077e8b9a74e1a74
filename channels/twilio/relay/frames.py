"""The frames of a ConversationRelay socket: what comes, checked, and what we send.

Names and fields are the carrier's (Twilio, ConversationRelay WebSocket messages). A frame that is JSON
but none of ours, or has a field of another type, is nothing: the carrier adds new kinds at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

KEYS = frozenset("0123456789*#")


class NotJsonError(ValueError):
    """The frame is no JSON."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The first frame: which call it is. `sender` and `to` are numbers as the carrier gives them."""

    call_sid: str
    sender: str
    to: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the caller says; `last` when the utterance is over."""

    words: str
    last: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the telephone."""

    digit: str


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The caller cut our words short, having heard `heard`."""

    heard: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What the carrier has to complain of."""


Frame = Setup | Prompt | Key | Interrupt | Problem


def read(data: str | bytes) -> Frame | None:
    """The frame, or None for one that means nothing to us. Raises `NotJsonError`."""
    try:
        content = json.loads(data) if isinstance(data, str) else None
    except (ValueError, RecursionError):
        raise NotJsonError from None
    if content is None and data != "null":
        raise NotJsonError
    if not isinstance(content, dict):
        return None
    make = _KINDS.get(str(content.get("type")))
    return make(content) if make else None


def _setup(content: Mapping[str, Any]) -> Setup:
    sid, sender, to = (_words(content, name) for name in ("callSid", "from", "to"))
    return Setup(sid, sender, to)


def _prompt(content: Mapping[str, Any]) -> Prompt | None:
    words = content.get("voicePrompt")
    return Prompt(words.strip(), content.get("last", True) is True) if isinstance(words, str) else None


def _key(content: Mapping[str, Any]) -> Key | None:
    digit = content.get("digit")
    return Key(digit) if isinstance(digit, str) and digit in KEYS and digit else None


def _interrupt(content: Mapping[str, Any]) -> Interrupt:
    return Interrupt(_words(content, "utteranceUntilInterrupt"))


def _problem(_: Mapping[str, Any]) -> Problem:
    return Problem()


def _words(content: Mapping[str, Any], name: str) -> str:
    """A field of words; a missing one, or one of another type, is empty."""
    value = content.get(name)
    return value if isinstance(value, str) else ""


_KINDS: dict[str, Callable[[Mapping[str, Any]], Frame | None]] = {
    "setup": _setup,
    "prompt": _prompt,
    "dtmf": _key,
    "interrupt": _interrupt,
    "error": _problem,
}


# What we send --------------------------------------------------------------------------------------
def text(token: str, *, last: bool, language: str = "", interruptible: bool | None = None) -> str:
    """Words to speak; `last` closes the talk cycle. A text of the next cycle may cut them (`preemptible`);
    so may the caller, unless `interruptible` says otherwise.
    """
    content = {"type": "text", "token": token, "last": last, "preemptible": True}
    return _dumps(content | _where_set(lang=language or None, interruptible=interruptible))


def play(source: str, loop: int, *, interruptible: bool | None = None) -> str:
    """A sound, `loop` times; 0 is a thousand times."""
    content = {"type": "play", "source": source, "loop": loop, "preemptible": True}
    return _dumps(content | _where_set(interruptible=interruptible))


def language(**changed: str) -> str:
    """Other languages from now on: `ttsLanguage`, `transcriptionLanguage`; empty ones stay as they are."""
    return _dumps({"type": "language"} | {name: value for name, value in changed.items() if value})


def send_digits(digits: str) -> str:
    """Tones into the call; `w` waits for half a second."""
    return _dumps({"type": "sendDigits", "digits": digits})


def end(document: int) -> str:
    """The socket's part is over; the action of the <Connect> gets `document` back."""
    return _dumps({"type": "end", "handoffData": _dumps({"document": document})})


def handed_off(data: str) -> int | None:
    """The document that we ended the socket with, out of `HandoffData`; None for an end that is not ours."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return None
    document = content.get("document") if isinstance(content, dict) else None
    return document if isinstance(document, int) and document >= 0 else None


def _where_set(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _dumps(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
