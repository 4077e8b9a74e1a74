"""What we begin ourselves: sessions, business first, and actions out of turn."""

from __future__ import annotations

import pytest

from orchestrator.core.items import AskForText, HangUp, SendText, Text
from orchestrator.ports import Acted, Forbidden, Opened
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio


async def test_a_session_opened_with_a_text_is_the_one_that_was_named() -> None:
    """The id and the text id that the desk returns are those of the session, and of its first text."""
    async with World() as world:
        ana = world.handset()
        opened = await world.desk.open_text(
            "support", ANA, text="Your parcel is here.", media=(), context={"order": 7}
        )
        await world.idle()
        assert isinstance(opened, Opened)
        session = await world.session()
        assert (session["id"], session["state"]) == (opened.session_id, "text_only")
        assert session["context"] == {"order": 7}
        assert ana.texts == ["Your parcel is here."]
        events = (await world.api(f"/sessions/{session['id']}/events"))["events"]
        assert opened.message_id in [event["data"].get("text_id") for event in events]


async def test_without_a_text_the_assistant_speaks_first() -> None:
    """The session begins with the turn `session_started`, whose answer is sent."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello from us.")])
        opened = await world.desk.open_text("support", ANA, text="", media=(), context={})
        await world.idle()
        assert isinstance(opened, Opened)
        assert opened.message_id is None
        assert bot.heard() == [("session_started", "")]
        assert ana.texts == ["Hello from us."]


async def test_an_open_session_is_not_opened_again() -> None:
    """A second opening is refused as `session_open` and sends nothing."""
    async with World() as world:
        ana = world.handset()
        await world.desk.open_text("support", ANA, text="one", media=(), context={})
        await world.idle()
        found = await world.desk.open_text("support", ANA, text="two", media=(), context={})
        await world.idle()
        assert isinstance(found, Forbidden)
        assert (found.code, ana.texts) == ("session_open", ["one"])


async def test_the_same_key_acts_once() -> None:
    """An action repeated under its key is done once; under another key, again."""
    async with World() as world:
        ana = world.handset()
        await ana.call(NUMBER)
        session = await world.session()
        for key in ("k1", "k1", "k2"):
            await world.desk.act(session["id"], "send_text", SendText(text=f"link {key}"), key=key)
            await world.idle()
        await world.clock.advance(3)
        assert ana.texts == ["link k1", "link k2"]


async def test_words_are_said_into_the_call() -> None:
    """`say` interrupts the call with its words, and no turn is asked."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")])
        await ana.call(NUMBER)
        session = await world.session()
        done = await world.desk.act(session["id"], "say", Text(text="A colleague is on the way."))
        await world.idle()
        assert isinstance(done, Acted)
        assert ana.spoken == ["Hello", "A colleague is on the way."]
        assert len(bot.turns) == 1


async def test_a_question_by_text_waits_for_its_answer() -> None:
    """`ask_for_text` makes the session wait; the reply is a turn of the call."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Thank you.")])
        await ana.call(NUMBER)
        session = await world.session()
        await world.desk.act(
            session["id"], "ask_for_text", AskForText(text="Your address?", keep_as="address")
        )
        assert await world.state() == "awaiting_text"
        again = await world.desk.act(session["id"], "ask_for_text", AskForText(text="And your name?"))
        assert isinstance(again, Forbidden)
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        assert bot.turns[-1]["context"] == {"address": "12 Main St"}
        assert ana.spoken[-1] == "Thank you."


async def test_a_call_is_hung_up_by_action() -> None:
    """`hang_up` says its words and ends the call, which the assistant learns as ours."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")])
        await ana.call(NUMBER)
        session = await world.session()
        await world.desk.act(session["id"], "hang_up", HangUp(say="We must close now."))
        await world.clock.advance(2)
        assert ana.spoken[-1] == "We must close now."
        assert ana.call_state == "completed"
        assert bot.turns[-1]["event_data"] == {"reason": "hung_up_by_us"}


async def test_what_the_state_forbids_is_refused() -> None:
    """Without a call nothing is said or hung up; the answer names what is allowed."""
    async with World() as world:
        await world.handset().text("hi", to=NUMBER)
        session = await world.session()
        found = await world.desk.act(session["id"], "say", Text(text="x"))
        assert isinstance(found, Forbidden)
        assert found.state == "text_only"
        assert "send_text" in found.allowed
        assert await world.desk.act("01JXT21Q00BVZ3PQJ1Y2E9FD02", "end", None) is None
