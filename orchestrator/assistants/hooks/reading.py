"""What hooks answer: changes of a turn before it is asked, and of an answer before it is carried out.

An empty answer changes nothing. One that is not what it should be is an `AssistantError` that holds none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.assistants.items import read_answer
from orchestrator.assistants.items.answer import parse_json
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Item
from orchestrator.core.written import KEPT

_TYPES = frozenset({"speech", "dtmf", "text", "media", "none"})


@dataclass(frozen=True, slots=True)
class Before:
    """What `pre_message` changes: fields of the input, keys of the context (None deletes), and with `items` the
    assistant is not asked: they are the answer.
    """

    input: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    items: tuple[Item, ...] | None = None


@dataclass(frozen=True, slots=True)
class After:
    """What `post_message` changes: `items` in place of the answer's, and keys of the context."""

    items: tuple[Item, ...] | None = None
    context: dict[str, Any] = field(default_factory=dict)


def read_before(kind: str, body: bytes) -> Before:
    """The answer of `pre_message`."""
    found = _object(kind, body)
    skip = found.get("skip", False)
    if not isinstance(skip, bool):
        raise _malformed("`skip` is not true or false")
    items, context = _answer(found, ())
    return Before(_input(found.get("input")), context, () if skip and items is None else items)


def read_after(kind: str, body: bytes, given: Sequence[Item]) -> After:
    """The answer of `post_message` to the items that were `given`."""
    items, context = _answer(_object(kind, body), given)
    return After(items, context)


def _answer(found: dict[str, Any], given: Sequence[Item]) -> tuple[tuple[Item, ...] | None, dict[str, Any]]:
    responses = found.get("responses")
    _, context = read_answer({"context": found.get("context")})
    if responses is None:
        return None, context
    if not isinstance(responses, list):
        raise _malformed("`responses` is no list")
    items: list[Item] = []
    for raw in responses:
        if isinstance(raw, dict) and raw.get("response_type") == KEPT:
            items.append(_kept(raw.get("index"), given))
        else:
            items.extend(read_answer({"responses": [raw]})[0])
    return tuple(items), context


def _kept(index: Any, given: Sequence[Item]) -> Item:
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(given):
        raise _malformed("`index` of a kept item names none")
    return given[index]


def _input(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict | None):
        raise _malformed("`input` is no object")
    changes = {
        name: value
        for name, value in (found or {}).items()
        if name in {"type", "text", "confidence", "media"}
    }
    if not isinstance(changes.get("text", ""), str):
        raise _malformed("`input.text` is no string")
    if changes.get("type", "none") not in _TYPES:
        raise _malformed("`input.type` is none of a turn's")
    if not isinstance(changes.get("media", []), list):
        raise _malformed("`input.media` is no list")
    if not isinstance(changes.get("confidence"), int | float | None):
        raise _malformed("`input.confidence` is no number")
    return changes


def _object(kind: str, body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    if kind != "application/json" and not kind.endswith("+json"):
        raise _malformed("the content type is not JSON")
    found = parse_json(body)
    if not isinstance(found, dict):
        raise _malformed("not an object")
    return found


def _malformed(detail: str) -> AssistantError:
    return AssistantError("malformed", detail, retryable=False)
