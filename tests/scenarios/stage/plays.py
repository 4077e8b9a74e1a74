"""Performing plays that are written in a test."""

from __future__ import annotations

from textwrap import indent

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.stage import Configuration, Outcome, run

PEOPLE = "people: { Ana: +15550101234, Bea: +15550105678 }"
ANA, BEA = "+15550101234", "+15550105678"
HEAD = 4
"""The line of the first step, counted from 1, where nothing but steps is given."""


def written(steps: str, head: str = "") -> str:
    """A scenario of these steps, a line each; `head` are further sections."""
    lines = "".join(f"- {line}\n" for line in steps.strip().splitlines())
    return f"scenario: a play\n{PEOPLE}\nsteps:\n{indent(lines, '  ')}{head}"


def perform(
    steps: str, head: str = "", *, live: str = "", configuration: Configuration | None = None
) -> Outcome:
    """What comes of these steps."""
    return perform_text(written(steps, head), live=live, configuration=configuration)


def perform_text(text: str, *, live: str = "", configuration: Configuration | None = None) -> Outcome:
    """What comes of a scenario's text."""
    loaded = parse(text, "a.scenario.yaml")
    assert not loaded.problems, loaded.report
    return run(loaded.plays[0], configuration, live=live)


def why(outcome: Outcome) -> str:
    """The failure in a line, or nothing: `LINE: reason | expected | got`."""
    failure = outcome.failure
    if failure is None:
        return ""
    return f"{failure.place.line}: {failure.reason} | {failure.expected} | {failure.got}"
