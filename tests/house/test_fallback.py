"""The carrier's second address: what a call, or a text, comes to when the first one failed."""

from __future__ import annotations

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


async def test_a_call_whose_first_request_was_lost_is_greeted() -> None:
    """The fallback is the call's first request: one session, one turn."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")])
        world.carrier.trouble.lose_next_webhook("voice")
        await ana.call(NUMBER)
        await ana.say("When?")
        await world.idle()
        assert ana.spoken == ["Hello", "Tomorrow"]
        assert bot.heard() == [("call_started", ""), (None, "When?")]


async def test_a_caller_whose_words_were_lost_is_asked_again() -> None:
    """What was said never arrived: the words before are said again, and the caller has the floor."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello, how can I help?")], [text("Tomorrow")])
        await ana.call(NUMBER)
        await world.idle()
        world.carrier.trouble.lose_next_webhook("voice")
        await ana.say("When?")
        await world.idle()
        assert ana.spoken == ["Hello, how can I help?"] * 2
        await ana.say("When, please?")
        await world.idle()
        assert ana.spoken[-1] == "Tomorrow"
        assert bot.heard() == [("call_started", ""), (None, "When, please?")]


async def test_a_text_comes_by_the_second_address() -> None:
    """It is taken once, whichever address brings it."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")])
        world.carrier.trouble.lose_next_webhook("sms")
        await ana.text("Hi", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Hello"]
        assert len(bot.turns) == 1


async def test_a_number_that_cannot_be_dialled_is_a_failed_transfer() -> None:
    """13224, invalid phone number: the assistant learns it and speaks on."""
    async with World(phone={"disconnect_on_transfer_failure": "off"}) as world:
        ana, bot = world.handset(), world.bot
        transfer = {"response_type": "transfer", "to": "+19585550999"}
        bot.will([text("Hello")], [transfer], [text("Nobody is there.")])
        await ana.call(NUMBER)
        await ana.is_asked()
        world.carrier.trouble.fail_next_document(13224)
        await ana.say("A human")
        await world.idle()
        assert ana.spoken == ["Hello", "Nobody is there."]
        assert await world.state() == "in_call"
        assert (bot.turns[-1]["event"], bot.turns[-1]["event_data"]) == (
            "transfer_failed",
            {"reason": "failed"},
        )


async def test_words_that_cannot_be_said_are_not_said_again() -> None:
    """The caller has the floor behind them: the same document would fail again, and end the call."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")], [text("By noon")])
        await ana.call(NUMBER)
        await ana.is_asked()
        world.carrier.trouble.fail_next_document(13520)
        await ana.say("When?")
        await world.idle()
        assert ana.spoken == ["Hello"]
        await ana.say("Hello?")
        await world.idle()
        assert ana.spoken == ["Hello", "By noon"]


async def test_a_greeting_that_cannot_be_said_leaves_the_caller_the_floor() -> None:
    """The call's first document is no other: who speaks into the silence is heard."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Yes?")])
        world.carrier.trouble.fail_next_document(13520)
        await ana.call(NUMBER)
        await ana.say("Hello?")
        await world.idle()
        assert ana.spoken == ["Yes?"]
