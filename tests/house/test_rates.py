"""The send rate of our numbers through the whole house: kept, without loss, and visible."""

from __future__ import annotations

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
PHONES = [f"+1555010{n:04d}" for n in range(5)]


async def received(world: World) -> int:
    """How many of the customers have a text."""
    await world.idle()
    return sum(bool(world.handset(phone).texts) for phone in PHONES)


async def test_texts_of_a_number_keep_its_rate_and_outlive_their_wait() -> None:
    """One segment a second, nothing ahead: five answers take four seconds, a wait beyond `text_ttl` drops none,
    and the backlog is told.
    """
    async with World(messaging={"segments_per_second": 1, "queue_ahead": "0s", "text_ttl": "2s"}) as world:
        world.bot.will(*([text(f"Hello {n}")] for n in range(5)))
        for phone in PHONES:
            await world.handset(phone).text("hi", to=NUMBER)
        assert await received(world) == 1
        backlog = await world.api("/backlog")
        assert backlog["numbers"] == [{"number": NUMBER, "segments": 5, "seconds": 5, "texts_here": 4}]
        await world.clock.advance(2)
        assert 2 <= await received(world) <= 3
        await world.clock.advance(4)
        assert await received(world) == 5
        assert all(len(world.handset(phone).texts) == 1 for phone in PHONES)
        await world.clock.advance(1)
        assert (await world.api("/backlog"))["numbers"] == []


async def test_a_burst_does_not_wait_by_default() -> None:
    """The carrier's own queue takes an hour's worth at once."""
    async with World() as world:
        world.bot.will(*([text(f"Hello {n}")] for n in range(5)))
        for phone in PHONES:
            await world.handset(phone).text("hi", to=NUMBER)
        assert await received(world) == 5


async def test_a_text_that_waits_for_its_number_is_stopped_by_a_stop() -> None:
    """STOP reaches what waits here: it is never sent."""
    async with World(messaging={"segments_per_second": 1, "queue_ahead": "0s"}) as world:
        world.bot.will([text("Hello 0")], [text("Hello 1")])
        first, second = (world.handset(phone) for phone in PHONES[:2])
        await first.text("hi", to=NUMBER)
        await world.idle()
        await second.text("hi", to=NUMBER)
        await world.idle()
        await second.text("STOP", to=NUMBER)
        await world.clock.advance(10)
        assert "Hello 1" not in second.texts
