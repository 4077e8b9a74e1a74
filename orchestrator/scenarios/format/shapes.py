"""What may stand behind a colon: the shapes that the grammar is written in.

The reader, the JSON Schema and the reference page each know every shape; the grammar knows nothing of
them. A scalar's own kind is `config.kinds.Kind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.kinds import Kind


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value: the line ends with the verb."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, or none."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Matching:
    """Words, or a matcher of words; with `presence` also the bare words `absent` and `present`."""

    presence: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping."""

    shape: Shape
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of known keys, at least one. A text in its place is the value of the key `alone`, and so
    is a matcher where that key takes one.
    """

    keys: Mapping[str, Entry]
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """A mapping of free names to values of one shape; with `names` only of these."""

    of: Shape
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """A mapping of anything: texts, lists, mappings; a key without a value is None. What is `typed` holds
    numbers and `true` and `false`, too, where they are written without quotes.
    """

    typed: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """One value or a list of them, read into a tuple."""

    of: Kind[Any]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The bare `word`, which stands for `value`, or a shape."""

    word: str
    value: Any
    of: Shape


@dataclass(frozen=True, slots=True)
class Flag:
    """A key that says all by being there; `true` or `yes` may stand behind it."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the play, or a phone number."""


@dataclass(frozen=True, slots=True)
class Audience:
    """People or numbers, `anyone but` them, or `anyone`."""


Shape = (
    Kind[Any]
    | Nothing
    | Maybe
    | Matching
    | Fields
    | Free
    | Data
    | Several
    | Otherwise
    | Flag
    | Person
    | Audience
)
