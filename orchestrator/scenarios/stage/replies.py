"""The lines of a bot as one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.bot import Reply
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.words import exact

Item = dict[str, Any]


def reply_of(lines: Sequence[Line]) -> Reply:
    """Consecutive lines as one answer. Raises `FailedError` where only a likeness of words is given."""
    items = tuple(item for line in lines if (item := _item(line)) is not None)
    context = {key: value for line in lines if line.verb == "remembers" for key, value in line.value.items()}
    failed = next((line.value for line in lines if line.verb == "fails"), 200)
    return Reply(items, context, int(failed))


def _item(line: Line) -> Item | None:
    make = _ITEMS.get(line.verb)
    return make(line) if make else None


def _said(line: Line) -> str:
    words = exact(line.value)
    if words is None:
        raise FailedError(
            line.place,
            "the play gives the answer here: it needs the words themselves",
            "words",
            str(line.value),
        )
    return words


def _question(line: Line) -> Item:
    value: Mapping[str, Any] = line.value
    names = {
        "say": "say",
        "text": "text",
        "keep as": "keep_as",
        "within": "timeout",
        "pattern": "pattern",
        "on mismatch": "on_mismatch",
    }
    item: Item = {"response_type": "ask_for_text"} | {names[key]: value[key] for key in names if key in value}
    if "reminder" in value:
        item["reminder"] = {"after": value["reminder"]["after"], "say": value["reminder"]["say"]}
    if "fallback" in value:
        item["fallback"] = {"say": value["fallback"]}
    return item


def _switch(line: Line) -> Item:
    value: Mapping[str, Any] = line.value
    names = {"text": "text", "say": "say", "keep call": "keep_call"}
    return {"response_type": "switch_channel", "to": "sms"} | {
        names[key]: value[key] for key in names if key in value
    }


_ITEMS: dict[str, Callable[[Line], Item]] = {
    "answers": lambda line: dict(line.value),
    "says": lambda line: {"response_type": "text", "text": _said(line)},
    "texts": lambda line: {"response_type": "send_text", "text": _said(line)},
    "asks for a text": _question,
    "calls": lambda _: {"response_type": "switch_channel", "to": "voice"},
    "switches to voice": lambda _: {"response_type": "switch_channel", "to": "voice"},
    "switches to sms": _switch,
    "hangs up": lambda line: {"response_type": "hang_up"} | ({"say": line.value} if line.value else {}),
    "transfers to": lambda line: {"response_type": "transfer", "to": line.value},
}
