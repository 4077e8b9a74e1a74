"""One customer and two assistants: neither knows of the other's session, call or consent."""

from __future__ import annotations

import pytest

from orchestrator.ports import Called
from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio
SALES = "+19585550777"
OTHERS = {"sales": SALES}


async def test_a_call_while_a_text_session_of_another_is_open() -> None:
    """The call is a session of its own; texts go to whose number they are sent to, and the call is not cut."""
    async with World(others=OTHERS) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Sales here.")], [text("Support here.")], [text("By text.")], [text("In the call.")])
        await ana.text("An offer, please", to=SALES)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("Go on", to=SALES)
        await world.idle()
        await ana.text("For the call", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Sales here.", "By text."]
        assert ana.spoken == ["Support here.", "In the call."]
        assert [turn["assistant"] for turn in bot.turns] == ["sales", "support", "sales", "support"]
        assert [turn["event"] for turn in bot.turns] == [None, "call_started", None, "text_reply"]
        assert bot.turns[1]["previous_session_id"] is None
        states = {s["assistant"]: s["state"] for s in (await world.api("/sessions"))["sessions"]}
        assert states == {"sales": "text_only", "support": "in_call_and_text"}


async def test_an_awaited_reply_goes_to_whom_it_was_sent() -> None:
    """A text to the other's number does not end the wait in the call, nor is it that call's turn."""
    async with World(others=OTHERS) as world:
        ana, bot = world.handset(), world.bot
        bot.will([ask_for_text("Your address?", keep_as="address")], [text("Sales here.")], [text("Thanks.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("12 Elm Road", to=SALES)
        await world.idle()
        assert bot.turns[1]["assistant"] == "sales"
        assert bot.turns[1]["context"] == {}
        states = {s["assistant"]: s["state"] for s in (await world.api("/sessions"))["sessions"]}
        assert states == {"sales": "text_only", "support": "awaiting_text"}
        await ana.text("12 Elm Road", to=NUMBER)
        await world.idle()
        assert bot.turns[2]["context"] == {"address": "12 Elm Road"}
        assert ana.spoken == ["Thanks."]


async def test_we_call_a_customer_who_texts_with_another() -> None:
    """The call rings, in a session of its own, and the other's thread goes on beside it."""
    async with World(others=OTHERS) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Sales here.")], [text("Support calling.")], [text("Still here.")])
        await ana.text("An offer, please", to=SALES)
        await world.idle()
        done = await world.desk.open_call("support", ANA, context={})
        assert isinstance(done, Called)
        await ana.answer()
        await world.idle()
        assert ana.calls[-1].caller == NUMBER
        assert bot.turns[1]["session_id"] == done.session_id != bot.turns[0]["session_id"]
        await ana.text("And?", to=SALES)
        await world.idle()
        assert (ana.spoken, ana.texts) == (["Support calling."], ["Sales here.", "Still here."])
        assert bot.turns[2]["channels"]["voice"]["live"] is False


async def test_two_assistants_may_be_in_a_call_each() -> None:
    """`call_live` is about a call with the same assistant: another one's does not keep us from calling."""
    async with World(others=OTHERS) as world:
        ana = world.handset()
        await ana.call(SALES)
        await world.idle()
        done = await world.desk.open_call("support", ANA, context={})
        assert isinstance(done, Called)


async def test_stop_is_said_to_one_of_them() -> None:
    """Who opts out of one's texts still gets the other's."""
    async with World(others=OTHERS) as world:
        ana, bot = world.handset(), world.bot
        await ana.text("STOP", to=NUMBER)
        bot.will([text("Sales here.")])
        await ana.text("An offer, please", to=SALES)
        await world.idle()
        assert ana.texts == ["Sales here."]
