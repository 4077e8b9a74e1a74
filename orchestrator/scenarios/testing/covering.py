"""Coverage: which states, transitions, refusals, events and nodes there are, and which the plays went through.

The percentage is of states and transitions: a transition is a row of a machine's table, and counts as taken
when it was in any of its source states. Reasons, events and nodes are told beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from orchestrator.core import policy, rules
from orchestrator.core.machinery import guard_of
from orchestrator.core.session import Word
from orchestrator.scenarios.format.grammar import EVENTS

TABLES: Final[Mapping[str, list[dict[str, Any]]]] = {
    "consent": rules.CONSENT,
    "thread": rules.THREAD,
    "call": rules.CALL,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a machine's table: in `sources`, `trigger` moves to `dest`, or acts in place, if `guard` holds."""

    machine: str
    trigger: str
    guard: str
    sources: tuple[str, ...]
    dest: str

    def __str__(self) -> str:
        """As a line of a report."""
        sources = "any state" if len(self.sources) > 3 else " or ".join(self.sources)
        guard = f" [{self.guard}]" if self.guard else ""
        return f"{self.machine}: {sources} --{self.trigger}{guard}--> {self.dest or 'the same'}"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing: how often each was met; `counted` where it is part of the percentage."""

    name: str
    counts: Mapping[str, int]
    counted: bool = False

    @property
    def missed(self) -> list[str]:
        """What no play went through."""
        return [each for each, count in self.counts.items() if not count]

    @property
    def met(self) -> int:
        """How many were met."""
        return len(self.counts) - len(self.missed)


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of a run. `rows` counts each row of the tables by the state it was taken in."""

    parts: tuple[Part, ...]
    rows: Mapping[Row, Mapping[str, int]]

    @property
    def percent(self) -> float:
        """Of states and transitions, from 0 to 100."""
        counted = [part for part in self.parts if part.counted]
        return 100 * sum(part.met for part in counted) / max(1, sum(len(part.counts) for part in counted))


def covered(counts: Mapping[str, Mapping[str, int]], nodes: Collection[str] = ()) -> Covered:
    """What of everything there is was met. `nodes` are those of the scripted assistants that played."""
    rows = _rows(counts.get("transitions", {}))
    states = [f"{machine}:{state}" for machine in rules.MACHINES for state in rules.MACHINES[machine].states]
    parts = (
        _part("states", get_args(Word), counts, counted=True),
        _part("machines", states, counts, counted=True),
        Part("transitions", {str(row): sum(taken.values()) for row, taken in rows.items()}, counted=True),
        _part("reasons", _reasons(), counts),
        _part("events", EVENTS, counts),
        _part("nodes", nodes, counts),
    )
    return Covered(tuple(part for part in parts if part.counts), rows)


def all_rows() -> list[Row]:
    """Every row of the three tables, in their order."""
    return [_row(machine, raw) for machine, table in TABLES.items() for raw in table]


def _row(machine: str, raw: dict[str, Any]) -> Row:
    sources = raw["source"]
    several = (sources,) if isinstance(sources, str) else tuple(sources)
    return Row(machine, raw["trigger"], guard_of(raw), several, raw["dest"] or "")


def _rows(taken: Mapping[str, int]) -> dict[Row, dict[str, int]]:
    """How often each row was taken: the first one of the table that has trigger, guard and source."""
    found = {row: dict.fromkeys(row.sources, 0) for row in all_rows()}
    for key, count in taken.items():
        machine, trigger, guard, source = key.split(" ")
        same = (machine, trigger, guard.removeprefix("-"))
        for row, sources in found.items():
            if (row.machine, row.trigger, row.guard) == same and source in sources:
                sources[source] += count
                break
    return found


def _part(
    name: str, known: Collection[str], counts: Mapping[str, Mapping[str, int]], *, counted: bool = False
) -> Part:
    """What is known, and what was met besides."""
    met = counts.get(name, {})
    others = () if counted else sorted(set(met) - set(known))
    return Part(name, {each: met.get(each, 0) for each in (*known, *others)}, counted)


def _reasons() -> list[str]:
    refused = sorted({verdict.reason for _, _, verdict in policy.INBOUND_POLICY if verdict.reason})
    ignored = sorted({reason for machine in rules.IGNORED.values() for reason in machine.values()})
    return [*(f"refused:{reason}" for reason in refused), *(f"ignored:{reason}" for reason in ignored)]
