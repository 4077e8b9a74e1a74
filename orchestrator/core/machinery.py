"""A table of rows as a machine that says which of its rows it took. The rows are in `rules.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from transitions import Machine

from orchestrator.core.step import Step

Row = dict[str, Any]


def machine(name: str, states: Any, rows: list[Row]) -> Machine:
    """A machine over the states of a `Literal`, the first of them the initial one. Each row that is taken
    leaves its mark in `Step.fired`, before what it does.
    """
    return Machine(
        model=None,
        states=list(get_args(states)),
        transitions=[{**row, "before": _mark(name, row)} for row in rows],
        initial=get_args(states)[0],
        auto_transitions=False,
        model_attribute=name,
    )


def fires(made: Machine, state: str, trigger: str) -> bool:
    """Whether the state has a row for the trigger at all: late events are common, exceptions cost more."""
    event = made.events.get(trigger)
    return event is not None and state in event.transitions


def guard_of(row: Row) -> str:
    """The name of a row's condition, or nothing."""
    return str(row["conditions"][0].__name__) if row["conditions"] else ""


def mark(name: str, row: Row, source: str) -> str:
    """A row as it was taken in a state: `machine:trigger:guard:source:destination`."""
    return ":".join((name, row["trigger"], guard_of(row), source, row["dest"] or source))


def _mark(name: str, row: Row) -> Callable[[Step], None]:
    def leave(step: Step) -> None:
        step.fired.append(mark(name, row, getattr(step, name)))

    return leave
