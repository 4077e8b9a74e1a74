"""When something in a script holds: on words, patterns, keys, events, channel and context.

Conditions are data and are tested against a `View` of the turn; how they are written stands in
`read_conditions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.assistants.scripted.slots import yes_or_no
from orchestrator.core.choices import words_of

Kind = Literal["said", "pattern", "keys", "event", "channel", "input", "state", "allowed", "answer"]
_MAX_INPUT = 2000  # characters that a pattern looks at: a designer's pattern may be slow


@dataclass(frozen=True, slots=True)
class Fact:
    """The turn's fact of this `kind` is one of `values`."""

    kind: Kind
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The context at dotted `name` is one of `values`; without values, it is there at all."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All of `parts` hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of `parts` holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`part` does not hold."""

    part: Condition


Condition = Fact | Known | Every | Some | Not


@dataclass(slots=True)
class View:
    """A turn as conditions and placeholders see it; `context` is as merged so far."""

    request: Mapping[str, Any]
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What the customer said, wrote or pressed."""
        return str((self.request.get("input") or {}).get("text") or "")

    @property
    def input_type(self) -> str:
        """`speech`, `dtmf`, `text`, `media` or `none`."""
        return str((self.request.get("input") or {}).get("type") or "none")

    @property
    def event(self) -> str:
        """What caused the turn besides plain input, or nothing."""
        return str(self.request.get("event") or "")

    @property
    def channel(self) -> str:
        """`voice` or `sms`."""
        return str(self.request.get("channel") or "")


def holds(condition: Condition, view: View) -> bool:
    """Whether the condition holds in this turn."""
    match condition:
        case Fact(kind, values):
            return _fact(kind, values, view)
        case Known(name, values):
            found = look_up(view.context, name)
            return found not in (None, "") and (not values or as_words(found) in values)
        case Every(parts):
            return all(holds(part, view) for part in parts)
        case Some(parts):
            return any(holds(part, view) for part in parts)
        case Not(part):
            return not holds(part, view)


def look_up(holder: Any, name: str) -> Any:
    """The value at a dotted name, or None."""
    for part in name.split("."):
        if not isinstance(holder, Mapping):
            return None
        holder = holder.get(part)
    return holder


def as_words(value: Any) -> str:
    """A value of the context as a script writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _fact(kind: Kind, values: tuple[str, ...], view: View) -> bool:
    if kind == "said":
        spoken = words_of(view.text)
        return view.input_type != "dtmf" and any(_says(spoken, phrase) for phrase in values)
    if kind == "pattern":
        text = view.text[:_MAX_INPUT]
        return any(re.search(pattern, text, re.IGNORECASE) for pattern in values)
    if kind == "keys":
        return view.input_type == "dtmf" and view.text.strip() in values
    if kind == "answer":
        return yes_or_no(view.text) in values
    if kind == "allowed":
        return set(values) <= set(view.request.get("allowed") or ())
    given = {"event": view.event, "channel": view.channel, "input": view.input_type}
    return given.get(kind, str(view.request.get("state") or "")) in values


def _says(spoken: list[str], phrase: str) -> bool:
    """Whether the words hold the phrase, in a row; `deliver*` stands for any ending."""
    wanted = [(word, False) for word in words_of(phrase)]
    if phrase.rstrip().endswith("*") and wanted:
        wanted[-1] = (wanted[-1][0], True)
    runs = range(len(spoken) - len(wanted) + 1) if wanted else ()
    return any(all(_same(spoken[start + n], *part) for n, part in enumerate(wanted)) for start in runs)


def _same(word: str, wanted: str, prefix: bool) -> bool:
    return word.startswith(wanted) if prefix else word == wanted
