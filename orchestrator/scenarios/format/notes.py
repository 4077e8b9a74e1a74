"""What one reading of a scenario notes down: its mistakes, and who is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Final

from config.kinds import MistakeError
from config.problems import Place, Problem, Source
from config.yaml_text import Mapping, Node, Scalar, Sequence
from orchestrator.scenarios import play

WRONG: Final[Any] = object()
"""Stands for a value that could not be read; the mistake has been noted."""


@dataclass(slots=True)
class Notes:
    """One reading: the text, the names of the people in it, and the mistakes so far."""

    source: Source
    people: Collection[str] = ()
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Place, message: str, expected: str = "", meant: str = "") -> Any:
        """Note a mistake, once; gives WRONG."""
        problem = Problem(place=place, path="", message=message, expected=expected, meant=meant)
        if problem not in self.problems:
            self.problems.append(problem)
        return WRONG

    def mistaken(self, place: Place, mistake: MistakeError) -> Any:
        """Note what a kind said of a value."""
        return self.wrong(place, mistake.message, mistake.expected, mistake.meant)

    def at(self, place: Place) -> play.Place:
        """A place as the play holds it."""
        return play.Place(self.source.name, place.line, place.column)

    def line(self, place: Place) -> str:
        """The line as it was written, without its dash."""
        return self.source.lines[place.line - 1].strip().removeprefix("- ").strip()


def inside(scalar: Scalar, start: int, length: int) -> Place:
    """The place of a part of a text, where its characters stand in the file one by one; else of the whole."""
    place = scalar.place
    quotes = place.end_column - place.column - len(scalar.text)
    if place.line != place.end_line or quotes not in {0, 2}:
        return place
    column = place.column + quotes // 2 + start
    return replace(place, column=column, end_column=column + length)


def is_empty(node: Node) -> bool:
    """Whether nothing stands behind a colon."""
    return isinstance(node, Scalar) and node.plain and not node.text


def called(node: Node) -> str:
    """What a node is, for people."""
    if isinstance(node, Mapping):
        return "a mapping"
    return "a list" if isinstance(node, Sequence) else "empty" if is_empty(node) else "a text"
