"""A play whose lines come one by one from another process, and are performed as they come.

The stage's clock stands still while it waits for a line, so that nothing is lost by waiting. A line is
answered when the stage comes for the next one: what a `bot` line says is checked by then, or when the first
line that is not the bot's has come.

| asked | answered |
|---|---|
| `{"op": "begin", "file", "line", "sections": {...}, "configuration", "live"}` | as a line |
| `{"op": "line", "file", "line", "key": "Ana says", "value": "words"}` | `{"ready": true}`, `{"mistake": report}`, or the record of a run that has failed |
| `{"op": "end", "file", "line", "checks": {...}}` | the run's record; `checks` are those of `finally` |
"""

from __future__ import annotations

import json
import linecache
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, overload

from config import yaml_text
from config.problems import Place, Source, render
from orchestrator.scenarios.format.lines import read_last, read_line
from orchestrator.scenarios.format.loader import Sections, read_play
from orchestrator.scenarios.format.notes import Notes
from orchestrator.scenarios.play import Line, Play
from orchestrator.scenarios.testing.jobs import Job, perform
from orchestrator.scenarios.testing.record import Record
from orchestrator.scenarios.testing.serving import beside

Json = dict[str, Any]
READY: Json = {"ready": True}
END = Line("check", "expect", {})
"""Stands where no line is left: it checks nothing."""


def by_hand(begun: Json, lines: Iterator[str], answer: Callable[[Json], None]) -> Record | Json:
    """Perform lines until they end or one fails. Every question but the last is answered by `answer`; the last
    one's answer is returned: the run's record, or the mistake of the beginning.
    """
    notes = _notes(begun)
    place = _place(begun)
    sections: Sections = {
        name: (yaml_text.Scalar(name, place, plain=True), node_of(value, place))
        for name, value in begun["sections"].items()
    }
    play = read_play(notes, place, sections)
    if notes.problems:
        return {"mistake": _report(notes)}
    steps = _Coming(lines, answer, play, notes.people)
    coming = replace(
        play, steps=cast("tuple[Line, ...]", steps), finally_=cast("tuple[Line, ...]", steps.last)
    )
    served = begun["configuration"] or str(beside(Path(begun["file"])) or "")
    return perform(Job(coming, served, begun["live"]))


def node_of(value: Any, place: Place) -> yaml_text.Node:
    """Plain data as a file would have it, all at one place."""
    if isinstance(value, dict):
        pairs = (
            (yaml_text.Scalar(str(key), place, plain=True), node_of(each, place))
            for key, each in value.items()
        )
        return yaml_text.Mapping(tuple(pairs), place)
    if isinstance(value, list):
        return yaml_text.Sequence(tuple(node_of(each, place) for each in value), place)
    if isinstance(value, bool):
        return yaml_text.Scalar("true" if value else "false", place, plain=True)
    text = "" if value is None else str(value)
    return yaml_text.Scalar(text, place, plain=bool(text) or value is None)


class _Coming(Sequence[Line]):
    """The steps of the play: those that have come; for one more it asks and waits.

    Its length counts one more than have come until the end is known. A line that then does not come is `END`.
    """

    def __init__(
        self, lines: Iterator[str], answer: Callable[[Json], None], begun: Play, people: Collection[str]
    ) -> None:
        self.last: list[Line] = []
        self._lines = lines
        self._answer = answer
        self._zone = begun.zone
        self._people = people
        self._come: list[Line] = []
        self._ended = False

    def __len__(self) -> int:
        return len(self._come) + (not self._ended)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        self._await(index.start or 0 if isinstance(index, slice) else index)
        return self._come[index]

    def __iter__(self) -> Iterator[Line]:
        """Those that have come."""
        return iter(list(self._come))

    def _await(self, index: int) -> None:
        while len(self._come) <= index and not self._ended:
            self._answer(READY)
            self._come.append(self._next())

    def _next(self) -> Line:
        """The next line; one with a mistake is sent back."""
        for text in self._lines:
            asked = json.loads(text)
            notes = _notes(asked)
            notes.people = self._people
            line = self._read(notes, asked)
            if not notes.problems:
                self._ended = line is END
                return line
            self._answer({"mistake": _report(notes)})
        self._ended = True
        return END

    def _read(self, notes: Notes, asked: Json) -> Line:
        """The line that was sent; END, and what holds at last, where the play ends."""
        if asked["op"] == "line":
            return read_line(notes, _line(asked), self._zone) or END
        if asked.get("checks"):
            self.last += read_last(notes, node_of(asked["checks"], _place(asked)), self._zone)
        return END


def _line(asked: Json) -> yaml_text.Node:
    place = _place(asked)
    key = yaml_text.Scalar(asked["key"], place, plain=True)
    if "value" not in asked:
        return key
    return yaml_text.Mapping(((key, node_of(asked["value"], place)),), place)


def _notes(asked: Json) -> Notes:
    """The text that a mistake is shown in: the program's own."""
    lines = linecache.getlines(asked["file"])
    return Notes(Source(asked["file"], "".join(lines) or "\n" * asked["line"]))


def _place(asked: Json) -> Place:
    """Where the program's line begins."""
    written = linecache.getline(asked["file"], asked["line"])
    column = len(written) - len(written.lstrip()) + 1
    return Place(asked["line"], column, asked["line"], column)


def _report(notes: Notes) -> str:
    return "\n\n".join(render(problem, notes.source) for problem in notes.problems)
