"""How conditions are written, and what is wrong with those that are not.

Text is a list of phrases, any of which may be said: `moved house, new address`. Text between
slashes is a pattern. An object holds facts, all of which must be so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from orchestrator.assistants.scripted.conditions import Condition, Every, Fact, Kind, Known, Not, Some
from orchestrator.assistants.scripted.model import EVENTS
from orchestrator.assistants.scripted.tree import Node, Page, known_keys
from orchestrator.core.choices import words_of

_CLOSED: dict[Kind, tuple[str, ...]] = {
    "event": EVENTS,
    "channel": ("voice", "sms"),
    "input": ("speech", "dtmf", "text", "media", "none"),
    "answer": ("yes", "no"),
}
_OPEN: tuple[Kind, ...] = ("keys", "state", "allowed")
KEYS = (
    "said",
    "pattern",
    "keys",
    "answer",
    "event",
    "channel",
    "input",
    "state",
    "allowed",
    "context",
    "has",
    "lacks",
    "all",
    "any",
    "not",
)
"""What a condition object may hold."""
NOTHING = Some(())
"""The condition that never holds: stands for one that could not be read."""


def read_condition(page: Page, node: Node) -> Condition:
    """The condition that a node writes; mistakes are noted on the page."""
    if node.entries is not None:
        return Some(tuple(read_condition(page, entry) for entry in node.entries))
    if node.fields is None:
        return _text(page, node)
    known_keys(page, node, KEYS, "a condition")
    parts = tuple(_part(page, key, value) for key, value in node.fields.items() if key in KEYS)
    return parts[0] if len(parts) == 1 else Every(parts)


def _text(page: Page, node: Node) -> Condition:
    text = (node.text or "").strip()
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return _patterns(page, node, (text[1:-1],))
    return _phrases(page, node, tuple(text.split(",")))


def _phrases(page: Page, node: Node, phrases: tuple[str, ...]) -> Condition:
    if not all(words_of(phrase) for phrase in phrases):
        page.problem(node.spot, "expected words, separated by commas")
        return NOTHING
    return Fact("said", phrases)


def _patterns(page: Page, node: Node, patterns: tuple[str, ...]) -> Condition:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            page.problem(node.spot, f"not a pattern: {error}")
            return NOTHING
    return Fact("pattern", patterns)


def _part(page: Page, key: str, node: Node) -> Condition:
    if key in {"all", "any"}:
        parts = tuple(read_condition(page, entry) for entry in node.entries or [node])
        return Every(parts) if key == "all" else Some(parts)
    if key == "not":
        return Not(read_condition(page, node))
    if key == "context":
        return _context(page, node)
    values = _texts(page, node)
    readers: dict[str, Callable[[], Condition]] = {
        "said": lambda: _phrases(page, node, tuple(p for v in values for p in v.split(","))),
        "pattern": lambda: _patterns(page, node, values),
        "has": lambda: Every(tuple(Known(name) for name in values)),
        "lacks": lambda: Every(tuple(Not(Known(name)) for name in values)),
    }
    return readers[key]() if key in readers else _fact(page, key, node, values)


def _fact(page: Page, key: str, node: Node, values: tuple[str, ...]) -> Condition:
    for kind, known in _CLOSED.items():
        if kind == key:
            wrong = [value for value in values if value not in known]
            if wrong:
                page.problem(node.spot, f"`{key}` is one of {', '.join(known)}")
            return Fact(kind, values)
    return next(Fact(kind, values) for kind in _OPEN if kind == key)


def _context(page: Page, node: Node) -> Condition:
    if node.fields is None:
        page.problem(node.spot, "`context` expects names and values; `has: name` asks whether there is one")
        return NOTHING
    return Every(tuple(Known(name, _texts(page, value)) for name, value in node.fields.items()))


def _texts(page: Page, node: Node) -> tuple[str, ...]:
    entries = node.entries if node.entries is not None else [node]
    if not entries or any(entry.text is None for entry in entries):
        page.problem(node.spot, "expected text, or a list of texts")
    return tuple(entry.text or "" for entry in entries)
