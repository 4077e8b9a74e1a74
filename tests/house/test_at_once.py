"""Two things of one customer at the same moment: each is asked once, one after the other."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


async def test_speech_and_a_text_at_the_same_moment_are_two_turns() -> None:
    """Both are asked, each once, in one of the two orders, and both are answered."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("first answer")], [text("second answer")])
        await ana.call(NUMBER)
        await ana.is_asked()
        await asyncio.gather(ana.say("spoken"), ana.text("written", to=NUMBER))
        await world.idle()
        await world.clock.advance(2)
        assert sorted(said for _, said in bot.heard()[1:]) == ["spoken", "written"]
        assert {"first answer", "second answer"} <= set(ana.spoken) | set(ana.texts)
        assert ana.spoken.count("first answer") + ana.texts.count("first answer") == 1


async def test_a_text_waits_while_speech_is_being_answered() -> None:
    """A text that arrives while the assistant thinks is the next turn, answered by interrupting."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("to speech")], [text("to text")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.say("spoken")
        await world.idle()
        await ana.text("written", to=NUMBER)
        await world.idle()
        assert bot.heard()[1:] == [(None, "spoken")]
        bot.gate.set()
        await world.idle()
        assert bot.heard()[1:] == [(None, "spoken"), ("text_reply", "written")]
        assert ana.spoken == ["Hello", "to speech", "to text"]


async def test_speech_takes_the_answer_to_a_text_along() -> None:
    """If the caller speaks while a text is being answered, that answer goes out on their open request,
    nothing is interrupted, and what they said is the next turn.
    """
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("to text")], [text("to speech")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.text("written", to=NUMBER)
        await world.idle()
        await ana.say("spoken")
        await world.idle()
        bot.gate.set()
        await world.idle()
        await world.clock.advance(3)
        assert bot.heard()[1:] == [("text_reply", "written"), (None, "spoken")]
        assert ana.spoken == ["Hello", "to text", "to speech"]
        assert world.interruptions() == 0


async def test_an_interruption_is_sent_where_nobody_fetches() -> None:
    """A text's answer in a call that only listens is spoken by one update of the call."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("to text")])
        await ana.call(NUMBER)
        await ana.is_asked()
        await ana.text("written", to=NUMBER)
        await world.idle()
        assert ana.spoken == ["Hello", "to text"]
        assert world.interruptions() == 1


async def test_texts_in_a_row_are_answered_in_order() -> None:
    """Five texts at once: five turns in order of arrival, five answers in that order."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(*([text(f"answer {n}")] for n in range(5)))
        for n in range(5):
            await ana.text(f"text {n}", to=NUMBER)
        await world.idle()
        await world.clock.advance(10)
        assert [said for _, said in bot.heard()] == [f"text {n}" for n in range(5)]
        assert ana.texts == [f"answer {n}" for n in range(5)]


async def test_an_action_that_waits_does_not_hold_up_an_answer() -> None:
    """An action of the API stored while a turn is being answered is carried out after it."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("answer")])
        await ana.text("hi", to=NUMBER)
        session = await world.session()
        bot.gate.clear()
        await ana.text("again", to=NUMBER)
        await world.idle()
        await world.desk.act(session["id"], "set_context", None, context={"seen": True})
        await world.idle()
        bot.gate.set()
        await world.idle()
        assert ana.texts == ["Hello", "answer"]
        assert (await world.session())["context"] == {"seen": True}
        await world.clock.advance(30)
        assert ana.texts == ["Hello", "answer"]
