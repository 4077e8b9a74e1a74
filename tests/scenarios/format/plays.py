"""Short ways to write scenarios for the reader, and the three of the design."""

from __future__ import annotations

from pathlib import Path

from orchestrator.scenarios.format import Loaded, parse
from orchestrator.scenarios.play import Line, Play, Rule

PEOPLE = "people: { Ana: +15550101234, Ana Maria: +1 555 010 1235 }"
PLAYS = Path(__file__).resolve().parents[1] / "plays" / "design"
DESIGN = {
    name: (PLAYS / f"{name}.scenario.yaml").read_text(encoding="utf-8")
    for name in ("address", "refused", "dropped")
}


def written(*lines: str, more: str = "") -> str:
    """A scenario with these lines; the first stands in line 4 of the file."""
    steps = "\n".join(f"  - {line}" for line in lines)
    return f"scenario: Play\n{PEOPLE}\nsteps:\n{steps}\n{more}"


def play_of(text: str) -> Play:
    """The one play of a text without mistakes."""
    loaded = parse(text)
    assert not loaded.problems, loaded.report
    (play,) = loaded.plays
    return play


def line_of(line: str) -> Line:
    """One line, read."""
    return play_of(written(line)).steps[0]


def rule_of(rule: str) -> Rule:
    """One rule of `never`, read."""
    return play_of(written("Ana calls", more=f"never:\n  - {rule}\n")).never[0]


def heads(loaded: Loaded) -> list[str]:
    """`LINE:COLUMN what` of every mistake."""
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in loaded.problems]
