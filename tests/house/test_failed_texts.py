"""Texts that do not get through: refused at once, or reported later; in a call, and without one."""

from __future__ import annotations

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

COULD_NOT = "I could not send you that text."


@pytest.mark.parametrize(("code", "reason"), [(21610, "opted_out"), (21211, "invalid_number")])
async def test_a_text_refused_at_once_ends_the_wait_in_the_call(code: int, reason: str) -> None:
    """The assistant gets `text_failed` with code and reason; without an answer the caller is told."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?", say="I am texting you.")], [])
        world.carrier.trouble.refuse_next_message(code)
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        failed = bot.turns[-1]
        assert failed["event"] == "text_failed"
        assert (failed["event_data"]["code"], failed["event_data"]["reason"]) == (code, reason)
        assert ana.spoken == ["Hello", "I am texting you.", COULD_NOT]
        session = await world.session()
        assert session["timers"] == []
        assert session["state"] in {"in_call", "in_call_and_text"}
        assert session["consent"] == ("opted_out" if code == 21610 else "opted_in")


async def test_a_text_reported_undelivered_ends_the_wait_in_the_call() -> None:
    """The same where the carrier took the text and reports 30005 later; the assistant's words are said."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?")], [text("Then tell me your address.")])
        world.carrier.trouble.fail_next_message(30005)
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        assert bot.turns[-1]["event"] == "text_failed"
        assert bot.turns[-1]["event_data"]["code"] == 30005
        assert bot.turns[-1]["state"] == "in_call_and_text"
        assert ana.spoken == ["Hello", "Then tell me your address."]


async def test_a_failed_text_without_a_call_is_told_with_the_next_turn() -> None:
    """No turn of its own: the next turn carries it as `last_text_error`, the one after does not."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("lost")], [text("first")], [text("second")])
        world.carrier.trouble.fail_next_message(30003)
        for words in ("one", "two", "three"):
            await ana.text(words, to=NUMBER)
            await world.idle()
        errors = [turn["last_text_error"] and turn["last_text_error"]["code"] for turn in bot.turns]
        assert errors == [None, 30003, None]


async def test_a_refused_switch_keeps_the_call() -> None:
    """`switch_channel` ends the call only after the carrier took the text; refused, the call stays up."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        switch = {"response_type": "switch_channel", "to": "sms", "text": "Go on here.", "say": "Goodbye."}
        bot.will([text("Hello")], [switch], [text("Let us stay here.")])
        world.carrier.trouble.refuse_next_message(21211)
        await ana.call(NUMBER)
        await ana.say("write to me")
        await world.clock.advance(3)
        assert ana.call_state == "in-progress"
        assert ana.spoken == ["Hello", "Let us stay here."]
        assert bot.turns[-1]["event"] == "text_failed"


async def test_a_switch_ends_the_call_once_the_text_is_taken() -> None:
    """The text arrives, the goodbye is said, the call ends, the talk goes on by text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        switch = {"response_type": "switch_channel", "to": "sms", "text": "Go on here.", "say": "Goodbye."}
        bot.will([text("Hello")], [switch], [], [text("Here I am.")])
        await ana.call(NUMBER)
        await ana.say("write to me")
        await world.clock.advance(3)
        assert ana.texts == ["Go on here."]
        assert ana.spoken == ["Hello", "Goodbye."]
        assert ana.call_state == "completed"
        await ana.text("hello?", to=NUMBER)
        await world.idle()
        assert ana.texts[-1] == "Here I am."


async def test_an_outage_is_told_once_when_the_carrier_is_back() -> None:
    """Answers that are too old are dropped for one failure text, sent once the carrier takes texts again."""
    async with World(messaging={"text_ttl": "30s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("answer one")], [text("answer two")], [text("answer three")])
        for _ in range(40):
            world.carrier.trouble.drop_next_request("Messages.json", done=False)
        for _ in range(40):
            world.carrier.trouble.answer_next_request(429, "Messages.json")
        await ana.text("one", to=NUMBER)
        await ana.text("two", to=NUMBER)
        await world.clock.advance(45)
        assert ana.texts == []
        world.carrier.trouble.__init__()  # type: ignore[misc]  # the carrier is back: no trouble ahead
        await world.clock.advance(200)
        assert ana.texts == ["We're sorry, but we can't respond to your message."]
        await ana.text("three", to=NUMBER)
        await world.clock.advance(3)
        assert ana.texts[1:] == ["answer three"]
