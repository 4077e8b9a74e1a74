"""Questions by text through the house: several in a row, and those that a caller answers by voice or by keys."""

from __future__ import annotations

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

BY_KEYS = {
    "say": "Key in your order number.",
    "collect": {"count": 4, "ignore_speech": True},
}


async def test_the_questions_of_one_answer_come_one_by_one() -> None:
    """Each text of the customer answers the oldest question; the assistant is asked about each."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Hello")],
            [
                ask_for_text("Street?", say="I am texting you.", keep_as="street"),
                ask_for_text("Town?", say="And another one.", keep_as="town"),
            ],
            [text("Thanks.")],
            [text("That is all.")],
        )
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        assert ana.texts == ["Street?"]
        await ana.text("12 Mill Lane", to=NUMBER)
        await world.clock.advance(3)
        assert ana.texts == ["Street?", "Town?"]
        assert await world.state() == "awaiting_text"
        await ana.text("Springfield", to=NUMBER)
        await world.idle()
        assert bot.turns[-1]["context"] == {"street": "12 Mill Lane", "town": "Springfield"}
        assert [turn["event"] for turn in bot.turns] == ["call_started", None, "text_reply", "text_reply"]
        assert ana.spoken == [
            "Hello",
            "I am texting you.",
            "Thanks.",
            "And another one.",
            "That is all.",
        ]
        assert await world.state() == "in_call_and_text"


@pytest.mark.parametrize("how", ["late", "undelivered", "refused"])
async def test_a_text_that_does_not_come_is_keyed_in(how: str) -> None:
    """Timed out, reported undelivered or refused at once: the caller keys it in, and it is kept as the text
    would have been.
    """
    async with World() as world:
        ana, bot = world.handset(), world.bot
        question = ask_for_text("Your order?", keep_as="order", pattern="[0-9]{4}", fallback=BY_KEYS)
        bot.will([text("Hello")], [question], [text("Thank you.")])
        if how == "undelivered":
            world.carrier.trouble.fail_next_message(30005)
        if how == "refused":
            world.carrier.trouble.refuse_next_message(21610)
        await ana.call(NUMBER)
        await ana.say("Where is my order?")
        await world.clock.advance(121 if how == "late" else 3)
        assert await ana.press("4711")
        await world.idle()
        turn = bot.turns[-1]
        assert (turn["event"], turn["input"]["type"], turn["input"]["text"]) == (
            "reply_by_voice",
            "dtmf",
            "4711",
        )
        assert turn["context"] == {"order": "4711"}
        assert turn["event_data"]["matched"] is True
        assert [entry["event"] for entry in bot.turns] == ["call_started", None, "reply_by_voice"]
        assert ana.spoken == ["Hello", "Key in your order number.", "Thank you."]


async def test_a_caller_without_a_number_is_asked_by_voice_at_once() -> None:
    """No text is tried where none can be sent."""
    async with World() as world:
        caller, bot = world.handset("anonymous"), world.bot
        question = ask_for_text("Your name?", keep_as="name", fallback={"say": "Tell me your name."})
        bot.will([text("Hello")], [question], [text("Thank you.")])
        await caller.call(NUMBER)
        await caller.say("Hi")
        await world.idle()
        await caller.say("Ana")
        await world.idle()
        assert bot.turns[-1]["event_data"] == {"keep_as": "name", "reason": "no_number", "matched": True}
        assert bot.turns[-1]["context"] == {"name": "Ana"}
        assert caller.spoken == ["Hello", "Tell me your name.", "Thank you."]
