"""What a value can be: kinds of scalars, and the lists and maps of them.

A kind reads a text, writes it back as a configuration would hold it, and says how it looks in JSON
Schema. The kinds themselves are in `values.py`, `addresses.py` and `numbers.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from config.secret import HIDDEN

T = TypeVar("T")
Json = dict[str, Any]


class MistakeError(ValueError):
    """A text is not of its kind. Says what is wrong and what was expected, never the text."""

    def __init__(self, message: str, expected: str = "", meant: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.meant = meant


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of scalar: its name for people, its reader (raises MistakeError), its JSON Schema.

    `is_path`: the text names a file, relative to the configuration's folder.
    """

    name: str
    read: Callable[[str], T]
    schema: Json
    write: Callable[[T], str] = field(default=str)
    secret: bool = False
    is_path: bool = False

    def written(self, value: T) -> str:
        """The value as a file would hold it; nothing is `""`."""
        return self.write(value) or '""'

    def show(self, value: T) -> str:
        """The value for eyes: as written, a secret hidden."""
        return HIDDEN if self.secret and value else self.written(value)


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list of one kind; with `or_one` also a single value in its place; `least` entries at least."""

    item: Kind[T]
    or_one: bool = False
    least: int = 0

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.item.name}, or a list of them" if self.or_one else f"list of: {self.item.name}"

    @property
    def secret(self) -> bool:
        """Whether its entries are."""
        return self.item.secret

    def show(self, values: tuple[T, ...]) -> str:
        """For eyes, as a YAML list."""
        return "[" + ", ".join(self.item.show(value) for value in values) + "]"


@dataclass(frozen=True, slots=True)
class MapOf(Generic[T]):
    """Free names to values of one kind. `check_name` raises MistakeError for a name that may not be."""

    item: Kind[T]
    check_name: Callable[[str], None] = lambda _: None

    @property
    def name(self) -> str:
        """For people."""
        return f"names to: {self.item.name}"

    @property
    def secret(self) -> bool:
        """Whether its values are."""
        return self.item.secret

    def show(self, values: dict[str, T]) -> str:
        """For eyes, as a YAML mapping."""
        return "{" + ", ".join(f"{name}: {self.item.show(value)}" for name, value in values.items()) + "}"


Shape = Kind[Any] | ListOf[Any] | MapOf[Any]


def closest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant, or nothing."""
    known = {each.lower(): each for each in words}
    found = difflib.get_close_matches(word.strip().lower().replace("-", "_"), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""
