"""How long scenarios take: sixty on two processes, and a day of waiting beside a second of it."""

from __future__ import annotations

import resource
from time import perf_counter

import pytest

from orchestrator.scenarios.format import load
from orchestrator.scenarios.testing.finding import find
from orchestrator.scenarios.testing.jobs import Job, perform_all
from tests.scenarios.plays_at import PLAYS
from tests.scenarios.stage.plays import perform, why

pytestmark = pytest.mark.bench
COUNT = 60
LONGEST = 10.0
"""Seconds that sixty scenarios may take on two cores. Held against the time of the processors, which others on a
busy machine do not lengthen as much.
"""


def worked() -> float:
    """Seconds of processor time, of this process and those that it waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def test_sixty_scenarios() -> None:
    """Sixty of the project's own need less than ten seconds on two processes, with reading them."""
    began, before = perf_counter(), worked()
    jobs = [Job(play) for file in find([PLAYS]) for play in load(file).plays][:COUNT]
    records = list(perform_all(jobs, 2))
    took, work = perf_counter() - began, worked() - before
    played = sum(record.virtual for record in records) / 3600
    print(f"\n{len(records)} scenarios, {played:.0f} h played: {took:.1f} s, {work:.1f} s of processors")
    assert [record.name for record in records if not record.ok] == []
    assert work < LONGEST


@pytest.mark.parametrize("wait", ["1s", "23h"])
def test_a_wait(wait: str) -> None:
    """A scenario that waits for a day takes as long as one that waits for a second."""
    steps = f'Ana texts: hi\nbot texts: "Hello."\nwait: {wait}\nAna texts: hi\nbot texts: "Hello again."'
    run_times = []
    for _ in range(5):
        began = perf_counter()
        assert why(perform(steps)) == ""
        run_times.append(perf_counter() - began)
    print(f"\nwait: {wait}: {min(run_times) * 1000:.0f} ms")
