"""The breaker in the house: what customers hear of an assistant that is left alone, and when it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
SORRY = "Sorry, something went wrong on our side. Please call again."
SALES = "+19585550777"


def breaker(world: World, name: str = "support") -> float:
    """The figure."""
    page = world.service.metrics.page().decode()
    line = f'tandem_assistant_breaker{{assistant="{name}"}} '
    return float(page.partition(line)[2].partition("\n")[0])


@asynccontextmanager
async def broken(others: dict[str, str] | None = None) -> AsyncIterator[World]:
    """A house whose assistant has failed five turns, each with its second try."""
    async with World(others=others) as world:
        world.bot.will(*[500] * 10)
        for place in range(5):
            await world.handset(f"+1555010200{place}").text("hello", to=NUMBER)
            await world.clock.advance(1)
        yield world


async def test_a_caller_hears_of_it_at_once() -> None:
    """The assistant is not asked, the call ends with the failure message, and the timeline says why."""
    async with broken() as world:
        ana, asked = world.handset(), len(world.bot.turns)
        assert breaker(world) == 2
        await ana.call(NUMBER)
        await world.idle()
        assert (ana.spoken, ana.call_state) == ([SORRY], "completed")
        assert len(world.bot.turns) == asked
        session = await world.session()
        lines = (await world.api(f"/sessions/{session['id']}/events"))["events"]
        assert "breaker_open" in [
            line["data"].get("reason") for line in lines if line["type"] == "turn_failed"
        ]


async def test_texts_wait_for_the_trial_and_are_answered() -> None:
    """Two texts come while it is left alone; it is back when the pause is over, and both are answered once."""
    async with broken() as world:
        ana, ben = world.handset(), world.handset("+15550105678")
        world.bot.will([text("Back.")], [text("Back.")])
        await ana.text("are you there", to=NUMBER)
        await ben.text("and for me", to=NUMBER)
        await world.clock.advance(2)
        assert ana.texts == ben.texts == []
        await world.clock.advance(4)
        assert ana.texts == ben.texts == ["Back."]
        assert breaker(world) == 0


async def test_another_assistant_is_asked_as_ever() -> None:
    """Each has a breaker of its own."""
    async with broken(others={"sales": SALES}) as world:
        ana = world.handset()
        world.bot.will([text("Sales here.")])
        await ana.call(SALES)
        await world.idle()
        assert ana.spoken == ["Sales here."]
        assert (breaker(world), breaker(world, "sales")) == (2, 0)
