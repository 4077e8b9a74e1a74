"""Sweeps in the store: one process at a time, since when, and which texts are known."""

from __future__ import annotations

import pytest

from orchestrator.ports import Inboxed
from orchestrator.store.keys import SEEN_BOUND
from tests.store.conftest import Bench

pytestmark = pytest.mark.anyio

NUMBER = "+19585550123"


async def test_one_process_sweeps_a_number(bench: Bench) -> None:
    """The second gets nothing until the first gives it back, and then learns when that one began."""
    store, name = bench.store, f"one-{bench.address.customer}"
    assert await store.begin_sweep(name, NUMBER, "A", 60) == 0.0
    assert await store.begin_sweep(name, NUMBER, "B", 60) is None
    assert await store.begin_sweep(name, "+19585550199", "B", 60) == 0.0
    await store.end_sweep(name, NUMBER, "A", 123.5)
    assert await store.begin_sweep(name, NUMBER, "B", 60) == 123.5


async def test_one_that_failed_leaves_the_moment_as_it_was(bench: Bench) -> None:
    """Only a whole sweep counts; who lost the lease does not end another's."""
    store, name = bench.store, f"two-{bench.address.customer}"
    await store.begin_sweep(name, NUMBER, "A", 60)
    await store.end_sweep(name, NUMBER, "A", None)
    assert await store.begin_sweep(name, NUMBER, "B", 60) == 0.0
    await store.end_sweep(name, NUMBER, "A", None)
    assert await store.begin_sweep(name, NUMBER, "C", 60) is None


async def test_what_was_taken_is_known(bench: Bench) -> None:
    """A text that waits, or was worked off, is known; another of the same customer is not."""
    await bench.store.accept(bench.address, Inboxed("SM1", "x"))
    now = bench.clock.now()
    asked = [(bench.address, "SM1", now), (bench.address, "SM2", now)]
    assert await bench.store.unknown(asked) == [False, True]
    assert await bench.store.unknown([]) == []


async def test_a_full_memory_knows_what_is_older_than_itself(bench: Bench) -> None:
    """Of a customer with more events than are remembered, an old text is not taken for new."""
    start, seen = bench.clock.now(), bench.store.keys.customer(bench.address)[2]
    taken = [part for number in range(SEEN_BOUND) for part in (int((start + number) * 1000), f"E{number}")]
    await bench.store.link.call("ZADD", seen, *taken)
    asked = [(bench.address, "SM-old", start - 1), (bench.address, "SM-new", start + 1)]
    assert await bench.store.unknown(asked) == [False, True]


async def test_what_was_erased_stays_known(bench: Bench) -> None:
    """The ids of an erased customer's texts are known for a day, without anything of the customer."""
    await bench.store.accept(bench.address, Inboxed("SM-erased", "x"))
    await bench.store.erase(bench.address, number="+15550101234")
    assert not await bench.store.exists(bench.address)
    asked = [(bench.address, "SM-erased", bench.clock.now()), (bench.address, "SM-other", bench.clock.now())]
    assert await bench.store.unknown(asked) == [False, True]


async def test_what_is_passed_over_is_known(bench: Bench) -> None:
    """Texts that nobody is to take are not taken."""
    await bench.store.pass_over(["SM-passed"])
    assert await bench.store.unknown([(bench.address, "SM-passed", bench.clock.now())]) == [False]
