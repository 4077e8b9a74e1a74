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
    """An answer that the carrier did not take yet fails as `opted_out`."""
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


async def test_an_answer_that_a_stop_overtook_is_not_sent() -> None:
    """The text STOP waits behind the turn that is being answered, and nothing leaves before it is heard."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("a late answer")], [text("Welcome back.")])
        bot.gate.clear()
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        bot.gate.set()
        await world.clock.advance(30)
        assert ana.texts == []
        await ana.text("START", to=NUMBER)
        await ana.text("again", to=NUMBER)
        await world.clock.advance(5)
        assert ana.texts == ["Welcome back."]


async def test_an_answer_that_an_opt_out_of_the_api_overtook_is_not_sent() -> None:
    """An operator's opt-out, and an imported one, hold an answer back as the customer's own STOP does."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("a late answer")])
        bot.gate.clear()
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await world.desk.set_consent("support", ANA, opted_out=True)
        bot.gate.set()
        await world.clock.advance(30)
        assert ana.texts == []


async def test_what_reads_as_stop_and_is_none_holds_an_answer_up_only_until_it_is_heard() -> None:
    """With `relaxed` keywords a cancel is the awaited reply: the answers before and after it arrive."""
    async with World(messaging={"keywords_in_dialogue": "relaxed"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([ask_for_text("Shall I?")], [ask_for_text("Sure?")], [text("Cancelled.")])
        await ana.text("book it", to=NUMBER)
        await world.idle()
        bot.gate.clear()
        await ana.text("hm", to=NUMBER)
        await world.idle()
        await ana.text("Cancel!", to=NUMBER)  # the simulated carrier itself keeps to bare words
        bot.gate.set()
        await world.clock.advance(5)
        assert ana.texts == ["Shall I?", "Sure?", "Cancelled."]


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


async def test_what_waits_for_the_morning_is_not_sent_after_stop() -> None:
    """A text that keeps the quiet hours fails as `opted_out` at STOP; after START nothing of it is sent."""
    async with World(messaging={"quiet_hours": "15:00-15:10"}) as world:  # the clock begins at 15:06:40 UTC
        ana = world.handset()
        await world.desk.open_text("support", ANA, text="an offer", media=(), context={})
        await world.clock.advance(60)
        assert [len(found["waiting_texts"]) for found in (await world.api("/sessions"))["sessions"]] == [1]
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(300)
        assert ana.texts == []
        await ana.text("START", to=NUMBER)
        await world.clock.advance(300)
        assert ana.texts == []


async def test_a_start_in_the_same_night_brings_nothing_back() -> None:
    """What waits for the morning is dropped when STOP comes, not when its time comes, and START does not revive it."""
    async with World(messaging={"quiet_hours": "15:00-15:10"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Welcome back.")])
        opened = await world.desk.open_text("support", ANA, text="an offer", media=(), context={})
        assert isinstance(opened, Opened)
        await world.clock.advance(20)
        await ana.text("STOP", to=NUMBER)
        await ana.text("START", to=NUMBER)
        await world.clock.advance(3)
        events = (await world.api(f"/sessions/{opened.session_id}/events"))["events"]
        failed = [event["data"] for event in events if event["type"] == "text_failed"]
        assert [(data["text_id"], data["reason"]) for data in failed] == [(opened.message_id, "opted_out")]
        assert (await world.session())["consent"] == "opted_in"
        await world.clock.advance(300)
        assert ana.texts == []
        await ana.text("Hi", to=NUMBER)
        await world.clock.advance(3)
        assert ana.texts == ["Welcome back."]


async def test_what_waits_for_the_morning_is_sent_then() -> None:
    """Without a STOP it leaves when the quiet hours end, is shown as waiting until then, and holds up no answer."""
    async with World(messaging={"quiet_hours": "15:00-15:10"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Aye")])
        await world.desk.open_text("support", ANA, text="an offer", media=(), context={})
        await ana.text("Hi", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Aye"]
        (waiting,) = (await world.session())["waiting_texts"]
        assert waiting["until"] == "2025-06-15T15:10:00.000Z"
        await world.clock.advance(199)
        assert ana.texts == ["Aye"]
        await world.clock.advance(4)
        assert ana.texts == ["Aye", "an offer"]
        assert (await world.session())["waiting_texts"] == []


async def test_no_refusal_message_after_stop() -> None:
    """A refusal that waits for its retry is a text as any other."""
    async with World(messaging={"initiate_from_inbound": "false", "refusal_message": "Call us."}) as world:
        ana = world.handset()
        world.carrier.trouble.answer_next_request(429, "Messages")
        await ana.text("hello", to=NUMBER)
        await world.idle()
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(90)
        assert ana.texts == []


async def test_no_closing_line_after_stop() -> None:
    """STOP ends the session: its time-out says nothing any more, nor does a reminder."""
    async with World(
        messaging={"notify_on_session_timeout": "Bye.", "session_timeout": "60s", "merge_window": "5s"}
    ) as world:
        ana, bot = world.handset(), world.bot
        bot.will([ask_for_text("Your size?", reminder={"after": "10s", "say": "Well?"})])
        await ana.text("hello", to=NUMBER)
        await world.clock.advance(8)
        await ana.text("wait", to=NUMBER)
        await ana.text("STOP", to=NUMBER)
        await world.clock.advance(200)
        assert ana.texts == ["Your size?"]
        assert len(bot.turns) == 1


async def test_a_dead_letter_is_not_sent_again_after_stop() -> None:
    """An operator's retry of a text that failed comes to nothing while the customer is opted out."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("an answer")])
        world.carrier.trouble.fail_next_message(30003)
        await ana.text("hello", to=NUMBER)
        await world.idle()
        (letter,) = await world.store.dead_letters()
        await ana.text("STOP", to=NUMBER)
        await world.idle()
        sent = len(world.carrier.messages)
        await world.store.retry_dead(letter)
        await world.clock.advance(5)
        assert len(world.carrier.messages) == sent
