"""The main job, whole: a call, a text inside it, its reply spoken, the hang-up, and on by text."""

from __future__ import annotations

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


async def test_one_conversation_runs_over_a_call_and_texts() -> None:
    """A question asked by text in the call is answered in the call, and the talk goes on by text after it."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Hello, how can I help?")],
            [ask_for_text("Please text me your new address.", say="I am texting you.", keep_as="address")],
            [text("Thank you, twelve Main Street it is.")],
            [],
            [text("We open at nine.")],
        )
        await ana.call(NUMBER)
        assert await world.state() == "in_call"
        await ana.say("I moved house")
        assert await world.state() == "awaiting_text"
        await ana.text("12 Main St", to=NUMBER)
        assert await world.state() == "in_call_and_text"
        await ana.hang_up()
        assert await world.state() == "text_only"
        await ana.text("When do you open?", to=NUMBER)
        assert await world.state() == "text_only"

        assert ana.spoken == [
            "Hello, how can I help?",
            "I am texting you.",
            "Thank you, twelve Main Street it is.",
        ]
        assert ana.texts == ["Please text me your new address.", "We open at nine."]
        assert bot.heard() == [
            ("call_started", ""),
            (None, "I moved house"),
            ("text_reply", "12 Main St"),
            ("call_ended", ""),
            (None, "When do you open?"),
        ]
        assert world.carrier.faults == []


async def test_the_assistant_keeps_its_context_over_the_hang_up() -> None:
    """The reply is in the context from its own turn on, and still there after the call, in one session."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [ask_for_text("Your address?", keep_as="address")], [], {"responses": [], "context": {"n": 1}}
        )
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        await ana.text("hello", to=NUMBER)
        await world.idle()
        contexts = [turn["context"] for turn in bot.turns]
        assert contexts == [
            {},
            {"address": "12 Main St"},
            {"address": "12 Main St"},
            {"address": "12 Main St", "n": 1},
        ]
        assert len({turn["session_id"] for turn in bot.turns}) == 1


async def test_every_turn_has_an_id_of_its_own_and_a_signature() -> None:
    """Each turn is asked once, under an id that is also its `webhook-id`."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Yes?")])
        await ana.call(NUMBER)
        await ana.say("It is me")
        await world.idle()
        ids = [turn["turn_id"] for turn in bot.turns]
        assert len(set(ids)) == len(ids) == 2
        assert [header["webhook-id"] for header in bot.headers] == ids
        assert all(header["webhook-signature"].startswith("v1,") for header in bot.headers)


async def test_the_timeline_tells_the_conversation_in_order() -> None:
    """The API's timeline has a line for each thing that happened, with the state before and after."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?", say="See your phone.", keep_as="address")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        session = await world.session()
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        events = (await world.api(f"/sessions/{session['id']}/events"))["events"]
        received = next(line for line in events if line["type"] == "text_received")
        assert (received["state"], received["state_after"]) == ("awaiting_text", "in_call_and_text")
        assert [line["type"] for line in events][:2] == ["session_opened", "call_started"]
        assert session["timers"]
        assert session["timers"][0]["name"] == "text_reply"
