"""The three machines decide every event in every state, and no state is a dead end or out of reach."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from orchestrator.core import rules
from orchestrator.core.events import Event

TABLES = {"call": rules.CALL, "thread": rules.THREAD, "consent": rules.CONSENT}


def sources(row: dict[str, Any]) -> list[str]:
    """The states that a row holds in."""
    return [row["source"]] if isinstance(row["source"], str) else list(row["source"])


def moves(name: str) -> set[tuple[str, str]]:
    """The moves of a machine from one state to another."""
    rows = [row for row in TABLES[name] if row["dest"] is not None]
    return {(source, row["dest"]) for row in rows for source in sources(row) if source != row["dest"]}


def test_every_event_is_offered_to_a_machine() -> None:
    """Each event of the core is seen by at least one machine, and has one that owns its reason."""
    names = {kind.__name__ for kind in get_args(Event)}
    assert names == set(rules.SEEN_BY)
    assert names == set(rules.OWNER)
    assert [name for name in names if not rules.SEEN_BY[name]] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_pair_is_decided(name: str) -> None:
    """For each state and each event or order of a machine there is a row without condition, or a reason."""
    triggers = {row["trigger"] for row in TABLES[name]} | {
        event for event, machines in rules.SEEN_BY.items() if name in machines
    }
    undecided = [
        (state, trigger)
        for trigger in sorted(triggers)
        if trigger not in rules.IGNORED[name]
        for state in rules.MACHINES[name].states
        if not any(
            row["trigger"] == trigger and state in sources(row) and not row["conditions"]
            for row in TABLES[name]
        )
    ]
    assert not undecided


@pytest.mark.parametrize("name", TABLES)
def test_reasons_are_for_events_that_the_machine_sees(name: str) -> None:
    """No machine holds a reason for an event or order that never reaches it."""
    seen = {event for event, machines in rules.SEEN_BY.items() if name in machines}
    orders = {row["trigger"] for row in TABLES[name] if row["trigger"].islower()}
    assert set(rules.IGNORED[name]) - seen - orders == set()


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_and_left(name: str) -> None:
    """Each state of a machine can be reached from its first one, and left again."""
    machine = rules.MACHINES[name]
    reached = {str(machine.initial)}
    while more := {dest for source, dest in moves(name) if source in reached} - reached:
        reached |= more
    assert reached == set(machine.states)
    assert {source for source, _ in moves(name)} == set(machine.states)


@pytest.mark.parametrize("name", TABLES)
def test_guards_and_actions_are_plain_functions_of_the_steps(name: str) -> None:
    """Each guard and action of a row is a named function of `orchestrator.core.steps`."""
    used = [function for row in TABLES[name] for function in (*row["conditions"], *row["after"])]
    strange = [function for function in used if not function.__module__.startswith("orchestrator.core.steps")]
    assert not strange
    assert all(function.__name__ != "<lambda>" for function in used)
