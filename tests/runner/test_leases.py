"""The lease: held while the work takes, lost by who stands still, and missed by none."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.carrier import not_sent
from tests.fakes.clock import settle
from tests.fakes.processes import ANA, Town

pytestmark = pytest.mark.anyio


async def test_an_assistant_slower_than_the_lease_is_asked_once() -> None:
    """The lease is renewed while the assistant thinks; another process does not take the turn over."""
    async with Town() as town:
        first, _ = town.process(), town.process()
        town.assistant.gate.clear()
        await first.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(50)
        assert len(town.assistant.asked) == 1
        town.assistant.gate.set()
        await town.idle()
        assert town.carrier.bodies == ["answer 1"]


async def test_a_renewal_that_fails_once_does_not_lose_the_lease() -> None:
    """A store that is away for one renewal is asked again at the next."""
    async with Town() as town:
        first, _ = town.process(), town.process()
        first.life.failing = ["store.renew"]
        town.assistant.gate.clear()
        await first.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(40)
        assert first.life.failing == []
        assert len(town.assistant.asked) == 1
        town.assistant.gate.set()
        await town.idle()
        assert town.carrier.bodies == ["answer 1"]


async def test_who_waited_for_a_lease_in_vain_leaves_nothing_in_memory() -> None:
    """A lease that another process holds is waited for, and forgotten: nobody here will ever tell of its end."""
    async with Town() as town:
        first, second = town.process(), town.process()
        town.assistant.gate.clear()
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        waiting = asyncio.ensure_future(second.house.wait_for_change(town.address, 5))
        await settle()
        assert list(second.house.stirred) == [town.address]
        await town.clock.advance(5)
        await waiting
        del waiting
        assert not second.house.stirred


async def test_a_process_that_stood_still_writes_nothing() -> None:
    """Frozen past its lease it is fenced: the other's answer stands, and no second text leaves."""
    async with Town() as town:
        first, second = town.process(), town.process()
        town.assistant.gate.clear()
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        first.life.thawed.clear()
        town.assistant.gate.set()
        await town.pass_time(25)
        assert town.carrier.bodies == ["answer 1"]
        written = await town.session()
        first.life.thawed.set()
        await town.pass_time(40)
        assert town.carrier.bodies == ["answer 1"]
        assert (await town.session()) == written
        assert len(town.assistant.turns) == 1
        await second.close()


@pytest.mark.parametrize("point", [("store.commit", "after"), ("store.claim", "after")])
async def test_a_process_frozen_before_its_send_does_not_send_twice(point: tuple[str, str]) -> None:
    """Frozen between its claim and the sending, it comes back after another process sent the text."""
    async with Town() as town:
        first, second = town.process(), town.process()
        second.life.thawed.clear()
        first.life.freezes_at = point
        if point[0] == "store.claim":
            town.carrier.ahead = [not_sent()]
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.pass_time(3)
        assert not first.life.thawed.is_set()
        second.life.thawed.set()
        await town.pass_time(60)
        assert town.carrier.bodies == ["answer 1"]
        first.life.thawed.set()
        await town.pass_time(30)
        await taking
        assert town.carrier.bodies == ["answer 1"]


@pytest.mark.parametrize("call", ["store.commit", "store.settle", "store.write_behind", "store.release"])
async def test_a_store_that_is_away_for_a_moment_loses_nothing(call: str) -> None:
    """A call of the store that fails in the middle of a shift: the text is still answered once."""
    async with Town() as town:
        process = town.process()
        process.life.failing = [call]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(60)
        assert town.carrier.bodies == ["answer 1"]
        assert len(town.assistant.turns) == 1
        assert await town.left() == []
