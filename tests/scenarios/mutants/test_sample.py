"""A damaged rule is noticed by a scenario. All mutants: `make mutants`."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.scenarios.mutants.damages import HARMLESS, damages, mutants
from tests.scenarios.mutants.hunt import noticed
from tests.scenarios.mutants.traces import traced
from tests.scenarios.plays_at import plays_of

SAMPLE = {
    "TextReceived [is_refused]--> same: gone": "starting/off-and-no-call",
    "TextReceived [is_mismatch]--> same: always": "design/address",
    "TimerFired [is_reply_timer]--> open: gone": "channels/reminder",
    "CallStarted [is_machine]--> ended: gone": "calling/machine-is-left-alone",
    "BudgetSpent [holds_the_request]--> same: gone": "faults/slow-bot-in-a-call",
    "inbound policy: 'texts may start' flipped": "starting/first-text",
    "inbound policy: no 'a call is live'": "starting/off-in-a-call",
    "guard is_silent_too_often: True": "calls/silence",
    "joint rule gone: a thread that no text can reach closes behind its call": "starting/off-after-a-call-in-vain",
    "outbox: send_message twice": "design/refused",
}
"""Ends of the names of mutants, each with a scenario that notices it."""


@pytest.mark.parametrize("ending", SAMPLE)
def test_a_damage_is_noticed(ending: str) -> None:
    """The scenario fails with the damage that it comes by."""
    mutant = next(each for each in mutants() if each.name.endswith(ending))
    play = plays_of(SAMPLE[ending])[0]
    with traced() as traces:
        assert noticed(play) == ""
    assert mutant.trace in traces
    with mutant.damage():
        assert noticed(play)


def test_names_are_unique() -> None:
    """A mutant is known by its name, and what is called harmless is one."""
    counts = Counter(each.name for each in damages())
    assert [name for name, count in counts.items() if count > 1] == []
    assert [name for name in HARMLESS if name not in counts] == []
