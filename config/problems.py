"""Mistakes of a configuration, and the report that shows them. What is a mistake is decided elsewhere.

A report names each mistake as `FILE:LINE:COLUMN: key.path: message`, shows the line with secrets
replaced, a caret under the place, what was expected and what may have been meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.secret import HIDDEN
from orchestrator.core.errors import TandemError

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # the line breaks that PyYAML counts


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column from 1, the end just behind its last character."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. `message` and `expected` never hold a value from the file or the environment."""

    place: Place
    path: str
    message: str
    expected: str = ""
    meant: str = ""


@dataclass(slots=True)
class Source:
    """A configuration text: its name, its lines, and the places that are not to be shown."""

    name: str
    text: str
    hidden: list[Place] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The lines as PyYAML counts them."""
        return _BREAK.split(self.text)

    def shown(self, place: Place) -> tuple[str, int]:
        """The place's line without secrets, and the caret's index in it."""
        lines = self.lines
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        caret = min(place.column - 1, len(line))
        for start, end in sorted(self._spans(place.line, len(line)), reverse=True):
            line = line[:start] + HIDDEN + line[end:]
            if caret >= end:
                caret += len(HIDDEN) - (end - start)
            elif caret > start:
                caret = start
        return line, caret

    def _spans(self, number: int, length: int) -> list[tuple[int, int]]:
        """The hidden stretches of a line, overlaps joined."""
        spans: list[tuple[int, int]] = []
        for place in sorted(self.hidden):
            if not place.line <= number <= place.end_line:
                continue
            start = place.column - 1 if place.line == number else 0
            end = min(place.end_column - 1, length) if place.end_line == number else length
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end > start:
                spans.append((start, end))
        return spans


class ConfigError(TandemError):
    """The configuration has mistakes; `str()` is the whole report. The caller exits 3."""

    def __init__(self, problems: Sequence[Problem], source: Source) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.path)))
        self.source = source
        super().__init__("\n\n".join(render(problem, source) for problem in self.problems))


def render(problem: Problem, source: Source) -> str:
    """One mistake as people read it."""
    place = problem.place
    path = f"{problem.path}: " if problem.path else ""
    head = f"{source.name}:{place.line}:{place.column}: {path}{problem.message}"
    line, caret = source.shown(place)
    gutter = f"{place.line:>5} | "
    under = " " * (len(gutter) - 2) + "| " + _indent(line[:caret]) + "^"
    notes = [f"        expected: {problem.expected}"] if problem.expected else []
    notes += [f'        did you mean "{problem.meant}"?'] if problem.meant else []
    return "\n".join([head, gutter + _printable(line), under, *notes])


def _indent(text: str) -> str:
    """Blanks as wide as `text` on a terminal."""
    return "".join(
        "\t" if c == "\t" else "  " if unicodedata.east_asian_width(c) in "WF" else " "
        for c in text
        if not unicodedata.combining(c)
    )


def _printable(line: str) -> str:
    """The line without characters that would steer a terminal."""
    return "".join(c if c == "\t" or c.isprintable() else "�" for c in line)
