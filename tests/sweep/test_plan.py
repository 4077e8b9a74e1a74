"""When a number is swept, and by whom: moments after a fault, every so often, and not twice for one reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from orchestrator.core.events import TextReceived
from orchestrator.ports.sweeping import Listed
from orchestrator.sweep import AFTER_FAULT, LONGEST_WAIT, Plan, Sweeper
from tests.fakes.processes import Town

NUMBER = "+19585550123"


class List:
    """A carrier's list that is empty, and counts who looks."""

    assistant = "support"
    number = NUMBER

    def __init__(self) -> None:
        self.looks = 0

    async def received(self, since: float, now: float) -> Sequence[Listed]:
        """Nothing."""
        self.looks += 1
        return []

    async def answered(self, since: float) -> Mapping[str, float]:
        """Nobody."""
        return {}

    async def with_media(self, listed: Listed) -> TextReceived:
        """As it is."""
        return listed.event


def plan(inbound: List | None = None) -> Plan:
    """A plan of every five minutes, the first in five."""
    return Plan(inbound or List(), every=300.0, look_back=3600.0, periodic_at=300.0)


def test_a_fault_brings_several_sweeps() -> None:
    """Soon, and again; one that began after a moment settles that moment and those before it."""
    made = plan()
    made.fault(10.0)
    assert [made.is_due(at) for at in (10.9, 11.0)] == [False, True]
    made.whole(11.0, 11.0)
    assert not made.is_due(24.9)
    assert made.is_due(10.0 + AFTER_FAULT[1])
    made.whole(100.0, 100.0)
    assert not made.is_due(399.0)
    assert made.is_due(431.0)


def test_faults_that_follow_each_other_postpone_nothing() -> None:
    """A fault a second does not keep the first sweep from its time."""
    made = plan()
    for second in range(60):
        made.fault(float(second))
    assert made.is_due(AFTER_FAULT[0])
    assert len(made.wanted) <= 1 + len(AFTER_FAULT)


def test_pauses_grow_to_a_bound() -> None:
    """Each failure waits longer than the one before, five minutes at most; a whole sweep begins anew."""
    made, now, waits = plan(), 1000.0, []
    for _ in range(9):
        made.failed(now)
        waits.append(made.blocked_until - now)
        assert not made.is_due(made.blocked_until - 0.1)
        now = made.blocked_until
        assert made.is_due(now)
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == LONGEST_WAIT
    made.whole(now, now)
    made.failed(now)
    assert made.blocked_until - now == 5.0


@pytest.mark.anyio
async def test_one_process_of_all_sweeps() -> None:
    """Of three processes that start together one reads the list for each reason, and one every five minutes."""
    lists = List()
    async with Town() as town:
        for process in [town.process() for _ in range(3)]:
            sweeper = Sweeper(process.house, process.runner, process.store, [plan(lists)])
            process.house.spawn(sweeper.run(), "sweeper")
        await town.clock.advance(70)
        assert lists.looks == len(AFTER_FAULT)
        await town.clock.advance(350)
        assert lists.looks == len(AFTER_FAULT) + 1
