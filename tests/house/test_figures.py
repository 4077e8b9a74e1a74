"""What happens to customers is counted once each, under words that tell nothing of them."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.errors import CarrierError
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World
from tests.web.test_health import figures

pytestmark = pytest.mark.anyio


def counted(world: World, name: str) -> dict[str, float]:
    """A counter's values by its labels, those that are not nothing."""
    found = figures(world.service.metrics)
    return {labels: value for (of, labels), value in found.items() if of == name and value}


async def test_a_text_is_counted_in_and_its_answer_out() -> None:
    """One session, one text taken, one answer sent and delivered, one turn of the assistant."""
    async with World() as world:
        world.bot.will([text("We open at nine.")])
        await world.handset().text("When do you open?", to=NUMBER)
        await world.idle()
        assert counted(world, "tandem_sessions_opened_total") == {"": 1}
        assert counted(world, "tandem_texts_total") == {"in,taken": 1, "out,sent": 1, "out,delivered": 1}
        assert counted(world, "tandem_assistant_seconds_count") == {"support,ok": 1}


async def test_a_slow_answer_counts_its_text_once() -> None:
    """The call's answer is written in two changes when a filler comes first: still one session, one turn."""
    async with World() as world:
        world.bot.gate.clear()
        await world.handset().call(NUMBER)
        await world.clock.advance(6)
        world.bot.gate.set()
        await world.idle()
        assert counted(world, "tandem_sessions_opened_total") == {"": 1}
        assert counted(world, "tandem_assistant_seconds_count") == {"support,ok": 1}
        assert counted(world, "tandem_assistant_seconds_sum") == {"support,ok": 6.0}


async def test_a_refusal_is_counted_by_its_reason() -> None:
    """A text that is turned away opens nothing and asks nobody."""
    async with World(messaging={"initiate_from_inbound": False}) as world:
        await world.handset().text("Hello?", to=NUMBER)
        await world.idle()
        assert counted(world, "tandem_refusals_total") == {"no_live_call": 1}
        assert counted(world, "tandem_texts_total") == {"in,refused": 1}
        assert counted(world, "tandem_sessions_opened_total") == {}
        assert counted(world, "tandem_assistant_seconds_count") == {}


async def test_a_failing_assistant_is_counted_by_what_it_did() -> None:
    """An HTTP error counts by its class, once for all tries of a turn."""
    async with World() as world:
        world.bot.will(503, 503, 503)
        await world.handset().text("Hello?", to=NUMBER)
        for _ in range(10):
            await world.clock.advance(1)
        await world.idle()
        assert counted(world, "tandem_assistant_seconds_count") == {"support,status_5xx": 1}


async def test_a_text_that_the_carrier_refuses_is_counted_as_failed() -> None:
    """The apology of a carrier is a status of the text, not a send."""
    async with World() as world:

        async def refuse(**_: Any) -> str:
            raise CarrierError("no", outcome="refused", code=21211, status=400)

        texts = world.service.house.lines["support"].texts
        assert texts is not None
        texts.send_message = refuse  # type: ignore[method-assign]  # the carrier of this test
        world.bot.will([text("Hi")])
        await world.handset().text("Hello?", to=NUMBER)
        await world.idle()
        assert counted(world, "tandem_texts_total") == {"in,taken": 1, "out,failed": 1}


async def test_no_figure_tells_of_a_customer() -> None:
    """Neither a number, nor an id, nor a word stands on the page."""
    async with World() as world:
        world.bot.will([text("We open at nine.")])
        await world.handset().text("When do you open?", to=NUMBER)
        await world.idle()
        page = world.service.metrics.page().decode()
        session = await world.session()
        for told in (ANA, ANA[1:], NUMBER[1:], session["id"], "nine"):
            assert told not in page
