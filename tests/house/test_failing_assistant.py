"""An assistant that fails: the customer is told, in the call or by text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import Answer, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

SORRY = "Sorry, something went wrong on our side. Please call again."
CANNOT = "We're sorry, but we can't respond to your message."
BROKEN: dict[str, Answer] = {
    "500": 500,
    "404": 404,
    "no list": {"responses": "none"},
    "no object": lambda _: "words",
    "a broken item": [{"response_type": "text", "text": {"deep": ["wrong"]}}, {"response_type": 7}],
}


@pytest.mark.parametrize("answer", [BROKEN["500"], BROKEN["404"], BROKEN["no list"], BROKEN["no object"]])
async def test_a_failed_answer_by_text_is_told(answer: Answer) -> None:
    """The customer gets the failure text once, and the next text is answered."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(answer, answer)
        await ana.text("hello", to=NUMBER)
        await world.clock.advance(20)
        assert ana.texts == [CANNOT]
        bot.answers[:] = [[text("back again")]]
        await ana.text("hello?", to=NUMBER)
        await world.idle()
        assert ana.texts == [CANNOT, "back again"]


@pytest.mark.parametrize("answer", [BROKEN["500"], BROKEN["404"], BROKEN["no list"], BROKEN["no object"]])
async def test_a_failed_answer_in_a_call_is_told_and_ends_it(answer: Answer) -> None:
    """The caller hears the failure message, and the call ends."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], answer, answer)
        await ana.call(NUMBER)
        await ana.say("hi")
        await world.clock.advance(6)
        assert ana.spoken == ["Hello", SORRY]
        assert ana.call_state == "completed"


async def test_a_broken_item_does_not_spoil_the_answer() -> None:
    """An item that makes no sense is skipped; the words beside it are sent."""
    async with World() as world:
        ana = world.handset()
        broken: list[dict[str, Any]] = [{"response_type": 7}, text("the words"), {"response_type": "text"}]
        world.bot.will(broken)
        await ana.text("hello", to=NUMBER)
        await world.idle()
        assert ana.texts == ["the words"]


async def test_an_assistant_that_hangs_in_a_call_is_given_up() -> None:
    """After 30 s in all the caller hears the failure message, having heard the filler once."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.gate.clear()
        await ana.call(NUMBER)
        await world.clock.advance(40)
        assert ana.spoken == ["One moment, please.", SORRY]
        assert ana.call_state == "completed"
        assert max(hook.seconds for hook in world.carrier.webhooks if hook.kind == "voice") <= 4
        bot.gate.set()


async def test_an_assistant_that_hangs_by_text_is_given_up() -> None:
    """Two tries of 30 s, then the failure text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.gate.clear()
        await ana.text("hello", to=NUMBER)
        await world.clock.advance(58)
        assert ana.texts == []
        await world.clock.advance(10)
        assert ana.texts == [CANNOT]
        assert len({turn["turn_id"] for turn in bot.turns}) == 1
        bot.gate.set()


async def test_a_failed_call_is_handed_to_a_human_where_one_is_named() -> None:
    """With `failure_transfer_to` the caller hears the failure message and is put through."""
    async with World(phone={"failure_transfer_to": "+15550109999"}) as world:
        ana, bot = world.handset(), world.bot
        world.carrier.set_outcome("+15550109999", "completed")
        bot.will([text("Hello")], 500, 500)
        await ana.call(NUMBER)
        await ana.say("hi")
        await world.clock.advance(3)
        assert ana.spoken == ["Hello", SORRY]
        assert any(call.to == "+15550109999" for call in world.carrier.calls)


async def test_a_failed_answer_to_a_text_in_a_call_is_spoken() -> None:
    """A text's answer that fails in a call is told in the call, as the answer would have been."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], 500, 500)
        await ana.call(NUMBER)
        await ana.is_asked()
        await ana.text("hello", to=NUMBER)
        await world.clock.advance(4)
        assert ana.spoken == ["Hello", SORRY]
        assert ana.texts == []
