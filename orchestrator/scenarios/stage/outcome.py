"""What came of a play: passed or why not, what happened, and which rules of the house it went through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestrator.scenarios.play import NOWHERE, Place, Play

Result = Literal["passed", "failed", "skipped", "expected failure"]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: `at` Unix seconds, `sentence` for people, and the line of the play after
    which it did. `kind` sorts them: `act`, `heard`, `text`, `asked`, `answered`, `state`, `event`, `fault`.
    """

    at: float
    kind: str
    sentence: str
    place: Place = NOWHERE
    who: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a play failed, and at which line. `reason` is one sentence; `expected` and `got` are empty
    where there is nothing to compare. `last` are the last things that happened, oldest first.
    """

    place: Place
    reason: str
    expected: str = ""
    got: str = ""
    source: str = ""
    last: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """A row of a machine's table, as one event took it. `guard` names its condition."""

    machine: str
    trigger: str
    guard: str
    source: str
    dest: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a play went through, each with how often: `states` are the words that people see; `machines`
    the states of the three machines as `call:listening`; `events` the lines of the timeline; `reasons`
    why texts were refused and events ignored (`refused:no_live_call`, `ignored:superseded`);
    `nodes` the steps of a scripted assistant that answers itself (`demo.yaml: welcome`).
    """

    states: Mapping[str, int] = field(default_factory=dict)
    machines: Mapping[str, int] = field(default_factory=dict)
    transitions: Mapping[Transition, int] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    nodes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one play. `failure` is there unless it passed or was skipped; a play that is expected to
    fail, and passes, has failed. `virtual` and `real` are the seconds it took on either clock.
    """

    play: Play
    result: Result
    failure: Failure | None = None
    reason: str = ""
    timeline: tuple[Happening, ...] = ()
    coverage: Coverage = Coverage()
    virtual: float = 0.0
    real: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.result != "failed"
