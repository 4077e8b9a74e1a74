"""Sentences about what happens, for timelines and failures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrator.scenarios.play import Words

LONGEST = 160


def quoted(text: str) -> str:
    """Words in quotes, not too many."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"
    return '"' + short.replace("\n", "\\n") + '"'


def wanted(words: Words) -> str:
    """What a check asks for."""
    return quoted(words) if isinstance(words, str) else str(words)


def exact(words: Words) -> str | None:
    """The words themselves, or None where only a likeness is given."""
    if isinstance(words, str):
        return words
    return words.value if words.kind == "is" else None


def listed(things: Any) -> str:
    """Things in a row, or `nothing`."""
    return ", ".join(str(thing) for thing in things) or "nothing"


def span(seconds: float) -> str:
    """A duration as the configuration writes it."""
    whole = round(seconds * 1000)
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def turn_seen(request: Mapping[str, Any]) -> str:
    """A turn as the bot sees it."""
    given, event = request["input"], request["event"]
    if given["type"] == "none":
        return f"event {event}"
    words = quoted(given["text"]) if given["text"] else given["type"]
    return f"{words} by {'text' if given['type'] in {'text', 'media'} else 'voice'}"
