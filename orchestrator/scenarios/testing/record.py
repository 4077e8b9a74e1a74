"""What is told of one scenario's run: plain data that goes between processes and into every report."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.scenarios.play import Place, Play
from orchestrator.scenarios.stage.outcome import Coverage, Failure, Happening, Outcome, Transition
from orchestrator.scenarios.testing.finding import title

Result = Literal["passed", "failed", "skipped", "expected failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that happened: Unix seconds, a sentence, and the line of the file."""

    at: float
    kind: str
    sentence: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a scenario failed, with its place and the line as it was written."""

    file: str
    line: int
    column: int
    reason: str
    expected: str = ""
    got: str = ""
    source: str = ""
    last: tuple[Told, ...] = ()

    @property
    def head(self) -> str:
        """`FILE:LINE:COLUMN: reason`."""
        return f"{self.file}:{self.line}:{self.column}: {self.reason}"

    @property
    def summary(self) -> str:
        """The head with what was expected and got, where there is room for one line only."""
        wanted = f": expected {self.expected}" if self.expected else ""
        got = f"{', ' if wanted else ': '}got {self.got or 'nothing'}" if wanted or self.got else ""
        return " ".join(f"{self.head}{wanted}{got}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run. `virtual` and `real` are seconds; `coverage` is as of `stage.outcome.Coverage`, with
    transitions as `machine trigger guard source`.
    """

    file: str
    line: int
    name: str
    tags: tuple[str, ...]
    result: Result
    zone: str = "UTC"
    reason: str = ""
    trouble: Trouble | None = None
    timeline: tuple[Told, ...] = ()
    coverage: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    virtual: float = 0.0
    real: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.result != "failed"


def record(outcome: Outcome) -> Record:
    """The record of an outcome."""
    play = outcome.play
    return Record(
        file=play.place.file,
        line=play.place.line,
        name=title(play),
        tags=play.tags,
        result=outcome.result,
        zone=play.zone,
        reason=outcome.reason,
        trouble=_trouble(outcome.failure, play) if outcome.failure else None,
        timeline=tuple(map(_told, outcome.timeline)),
        coverage=_covered(outcome.coverage),
        virtual=outcome.virtual,
        real=outcome.real,
    )


def crashed(play: Play, reason: str) -> Record:
    """The record of a run that ended before it could tell anything."""
    trouble = _trouble(Failure(play.place, reason), play)
    return Record(
        file=play.place.file,
        line=play.place.line,
        name=title(play),
        tags=play.tags,
        result="failed",
        trouble=trouble,
    )


def merged(records: list[Record]) -> dict[str, Counter[str]]:
    """What all runs together went through."""
    found: dict[str, Counter[str]] = {each.name: Counter() for each in dataclasses.fields(Coverage)}
    for each in records:
        for name, counts in each.coverage.items():
            found.setdefault(name, Counter()).update(counts)
    return found


def as_json(told: Record) -> dict[str, Any]:
    """The record as JSON has it."""
    return dataclasses.asdict(told)


def _trouble(failure: Failure, play: Play) -> Trouble:
    place = (
        failure.place if failure.place.line else Place(play.place.file, play.place.line, play.place.column)
    )
    return Trouble(
        file=place.file,
        line=place.line,
        column=place.column,
        reason=failure.reason,
        expected=failure.expected,
        got=failure.got,
        source=failure.source,
        last=tuple(map(_told, failure.last)),
    )


def _told(each: Happening) -> Told:
    return Told(at=each.at, kind=each.kind, sentence=each.sentence, line=each.place.line)


def _covered(coverage: Coverage) -> dict[str, dict[str, int]]:
    plain = {each.name: getattr(coverage, each.name) for each in dataclasses.fields(coverage)}
    return {
        name: {_key(key): count for key, count in counts.items()} for name, counts in plain.items() if counts
    }


def _key(key: str | Transition) -> str:
    return key if isinstance(key, str) else f"{key.machine} {key.trigger} {key.guard or '-'} {key.source}"
