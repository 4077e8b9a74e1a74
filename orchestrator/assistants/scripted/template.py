"""Placeholders: `{context.name}`, `{input}`, `{event.reason}`, `{customer.phone_number}`, `{channel}`.

`{context.order:spaced}` sets the characters apart, as one reads out a number. What has no value
leaves nothing. A brace before anything but a name is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestrator.assistants.scripted.conditions import View, as_words, look_up

PLACEHOLDER = re.compile(r"\{([a-z_]\w*(?:\.\w+)*)(?::([a-z]+))?\}")
ROOTS = ("context", "input", "event", "customer", "channel", "assistant_number", "session_id")
"""What a placeholder may begin with."""
FORMS = ("spaced", "upper", "lower")
"""How a value may be written."""
_RAW = frozenset({"pattern", "response_type"})  # fields whose braces mean something else


def fill(data: Any, view: View) -> Any:
    """The data with the placeholders in its texts filled."""
    if isinstance(data, str):
        return PLACEHOLDER.sub(lambda found: _value(found[1], found[2], view), data)
    if isinstance(data, dict):
        return {key: value if key in _RAW else fill(value, view) for key, value in data.items()}
    if isinstance(data, list):
        return [fill(entry, view) for entry in data]
    return data


def placeholders(data: Any) -> Iterator[tuple[str, str]]:
    """Name and form of every placeholder in the data."""
    if isinstance(data, str):
        yield from ((found[1], found[2] or "") for found in PLACEHOLDER.finditer(data))
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from () if key in _RAW else placeholders(value)
    elif isinstance(data, list):
        for entry in data:
            yield from placeholders(entry)


def _value(name: str, form: str | None, view: View) -> str:
    root, _, rest = name.partition(".")
    holders = {
        "context": view.context,
        "event": view.request.get("event_data"),
        "customer": view.request.get("customer"),
    }
    if root == "input":
        words = view.text
    elif rest:
        words = as_words(look_up(holders.get(root), rest))
    else:
        words = as_words(view.request.get(root)) if root in ROOTS[3:] or root == "event" else ""
    return {"spaced": " ".join(words.replace(" ", "")), "upper": words.upper(), "lower": words.lower()}.get(
        form or "", words
    )
