"""Texts that cut a caller short, and texts that come close together, through the whole house."""

from __future__ import annotations

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


async def test_what_the_caller_was_saying_comes_with_the_text() -> None:
    """The words on the way are told with the text that cuts them short, and once only."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Got it")], [text("And that")])
        await ana.call(NUMBER)
        await ana.begin_to_say("I would")
        await ana.begin_to_say("I would like to")
        await ana.text("12 Elm Road", to=NUMBER)
        await ana.hears("Got it")
        await ana.text("Springfield", to=NUMBER)
        await ana.hears("And that")
        assert [turn["event_data"] for turn in bot.turns[1:]] == [{"partial": "I would like to"}, {}]
        assert world.carrier.faults == []


async def test_what_was_said_to_its_end_is_no_half() -> None:
    """Speech that became a turn is not told again with a later text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Moved")], [text("Got it")])
        await ana.call(NUMBER)
        await ana.begin_to_say("I mo")
        await ana.say("I moved")
        await ana.hears("Moved")
        await ana.text("12 Elm Road", to=NUMBER)
        await ana.hears("Got it")
        assert bot.turns[2]["event_data"] == {}


async def test_words_on_the_way_can_be_left_out() -> None:
    """With `partial_results` off the carrier is not asked for them."""
    async with World(phone={"partial_results": "off"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Got it")])
        await ana.call(NUMBER)
        await ana.begin_to_say("I would like to")
        await ana.text("12 Elm Road", to=NUMBER)
        await ana.hears("Got it")
        assert bot.turns[1]["event_data"] == {}
        assert "voice-partial" not in {hook.kind for hook in world.carrier.webhooks}


async def test_two_texts_in_a_call_are_one_interruption() -> None:
    """Texts within `merge_window` are one turn, spoken once, some seconds after the last of them."""
    async with World(messaging={"merge_window": "3s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Got both")])
        await ana.call(NUMBER)
        await ana.is_asked()
        await ana.text("12 Elm", to=NUMBER)
        await world.clock.advance(2)
        await ana.text("Road", to=NUMBER)
        await world.clock.advance(2)
        assert len(bot.turns) == 1
        await world.clock.advance(3)
        await ana.hears("Got both")
        assert [turn["input"]["text"] for turn in bot.turns] == ["", "12 Elm\nRoad"]
        assert world.interruptions() == 1


async def test_two_texts_on_a_thread_are_one_turn() -> None:
    """The same without a call: one answer by text; a repeated webhook adds nothing."""
    async with World(messaging={"merge_window": "3s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Got both")])
        world.carrier.trouble.repeat_next_webhook("sms")
        await ana.text("One", to=NUMBER)
        await ana.text("Two", to=NUMBER)
        await world.clock.advance(5)
        await ana.receives("Got both")
        assert [turn["input"]["text"] for turn in bot.turns] == ["One\nTwo"]
