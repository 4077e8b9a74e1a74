"""STOP and START: after STOP no path sends anything, after START all do."""

from __future__ import annotations

import pytest

from orchestrator.core.items import SendText
from orchestrator.ports import Forbidden, Opened
from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio


async def test_no_turn_answers_by_text_after_stop() -> None:
    """A call's answer may not text an opted-out customer; the attempt is told as `text_failed`."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        await ana.text("STOP", to=NUMBER)
        bot.will([text("Hello")], [{"response_type": "send_text", "text": "a link"}], [])
        await ana.call(NUMBER)
        await ana.say("send me a link")
        await world.clock.advance(5)
        assert "send_text" not in bot.turns[0]["allowed"]
        assert bot.turns[-1]["event_data"]["reason"] == "opted_out"
        assert ana.texts == []


async def test_the_api_opens_nothing_after_stop() -> None:
    """Business first is refused as `opted_out`, and allowed again after START."""
    async with World() as world:
        ana = world.handset()
        await ana.text("STOP", to=NUMBER)
        await world.idle()
        found = await world.desk.open_text("support", ANA, text="an offer", media=(), context={})
        assert isinstance(found, Forbidden)
        assert found.code == "opted_out"
        await ana.text("START", to=NUMBER)
        await world.idle()
        opened = await world.desk.open_text("support", ANA, text="an offer", media=(), context={})
        await world.idle()
        assert isinstance(opened, Opened)
        assert ana.texts == ["an offer"]


async def test_a_text_that_waits_for_its_retry_is_not_sent_after_stop() -> None:
    """An answer that the carrier did not take yet fails as `opted_out` when its time comes."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("an answer")])
        world.carrier.trouble.answer_next_request(429, "Messages")
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(90)
        assert ana.texts == []
        assert len([message for message in world.carrier.messages if message.direction != "inbound"]) == 0


async def test_entries_behind_a_waiting_one_are_not_sent_after_stop() -> None:
    """The whole queue of a customer fails at STOP, in order, and nothing of it is sent after START."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        links = [{"response_type": "send_text", "text": f"link {n}"} for n in range(3)]
        bot.will(links)
        world.carrier.trouble.answer_next_request(429, "Messages")
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(60)
        await ana.text("START", to=NUMBER)
        await world.clock.advance(60)
        assert ana.texts == []


async def test_no_failure_text_after_stop() -> None:
    """The assistant fails after the customer opted out: nobody apologises."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(500, 500)
        bot.gate.clear()
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.idle()
        bot.gate.set()
        await world.clock.advance(30)
        assert ana.texts == []


async def test_stop_ends_the_wait_in_a_call() -> None:
    """STOP while the assistant waits for a text closes the thread; the call learns it and goes on."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?")], [text("Then by voice.")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.idle()
        assert bot.turns[-1]["event"] == "text_failed"
        assert bot.turns[-1]["event_data"]["reason"] == "opted_out"
        assert ana.spoken[-1] == "Then by voice."
        assert await world.state() == "in_call"


async def test_an_action_sends_nothing_after_stop() -> None:
    """`send_text` by the API is refused while the customer is opted out, and works again after START."""
    async with World() as world:
        ana = world.handset()
        await ana.call(NUMBER)
        session = await world.session()
        await ana.text("STOP", to=NUMBER)
        await world.idle()
        refused = await world.desk.act(session["id"], "send_text", SendText(text="a link"))
        assert isinstance(refused, Forbidden)
        assert "send_text" not in refused.allowed
        await ana.text("START", to=NUMBER)
        await world.idle()
        await world.desk.act(session["id"], "send_text", SendText(text="a link"))
        await world.idle()
        assert ana.texts == ["a link"]


async def test_an_opted_out_customer_may_call() -> None:
    """The call is served as any other."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        await ana.text("STOP", to=NUMBER)
        bot.will([text("Hello")])
        await ana.call(NUMBER)
        await world.idle()
        assert ana.spoken == ["Hello"]
        assert bot.turns[0]["channels"]["sms"]["can_send"] is False
