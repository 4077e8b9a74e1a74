"""The crash matrix: every scenario, every call that a process makes, every trouble at it.

A case that fails is played alone with
`pytest tests/reliability/test_matrix.py -k "<scenario> and <mode>"`; the message names the call.
"""

from __future__ import annotations

import pytest

from tests.reliability.gate import MODES, Mode
from tests.reliability.matrix import faults_of, play
from tests.reliability.scenarios import SCENARIOS, Scenario

MINIMUM = 90
"""Calls of the shortest matrix that would still be one: fewer means that the gate is gone."""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_trouble_breaks_an_invariant(scenario: Scenario, mode: Mode) -> None:
    """Whatever happens to a process at whichever call, everything that must hold does."""
    cases, faults = faults_of(scenario, mode)
    print(f"{scenario.name} x {mode}: {cases} cases")
    assert cases
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_run_is_repeatable(scenario: Scenario) -> None:
    """The same scenario makes the same calls each time, so that a case can be named by its number."""
    assert play(scenario)[0] == play(scenario)[0]


def test_the_matrix_is_whole() -> None:
    """There is a scenario for each of the calls that leave a process while it works."""
    made = {call for scenario in SCENARIOS for call in play(scenario)[0]}
    needed = {
        "store.accept",
        "store.begin",
        "store.claim",
        "store.commit",
        "store.delivery",
        "store.document",
        "store.poll",
        "store.settle",
        "store.renew",
        "store.write_behind",
        "assistant.ask",
        "carrier.find_messages",
        "carrier.interrupt_call",
        "carrier.send_message",
    }
    assert needed <= made
    assert sum(len(play(scenario)[0]) for scenario in SCENARIOS) >= MINIMUM
