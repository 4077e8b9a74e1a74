"""Two calls from one number at once: two sessions, side by side."""

from __future__ import annotations

import pytest

from orchestrator.core.items import AskForText, SendText
from orchestrator.ports import Acted, Forbidden
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio


def by_call(world: World) -> dict[str, list[str]]:
    """What was heard in each call, in the order of the calls."""
    ana = world.handset()
    return {call.sid: [heard.text for heard in ana.heard if heard.call_sid == call.sid] for call in ana.calls}


async def test_two_calls_are_two_sessions() -> None:
    """The second call has a session and a talk of its own, and may not ask for a text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello one")], [text("Hello two")], [text("to two")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("from two")
        await world.idle()
        first, second = bot.turns[0], bot.turns[1]
        assert first["session_id"] != second["session_id"] == bot.turns[2]["session_id"]
        assert "ask_for_text" in first["allowed"]
        assert "ask_for_text" not in second["allowed"]
        assert list(by_call(world).values()) == [["Hello one"], ["Hello two", "to two"]]


async def test_a_text_cannot_be_asked_for_beside() -> None:
    """The API says `thread_busy`; an answer that asks all the same says and sends nothing; a text may go."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        asks = {"response_type": "ask_for_text", "text": "Your address?", "say": "I am texting you."}
        bot.will([text("Hello one")], [text("Hello two")], [asks, text("to two")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await ana.say("from two")
        await world.idle()
        assert list(by_call(world).values())[1] == ["Hello two", "to two"]
        beside = bot.turns[-1]["session_id"]
        refused = await world.desk.act(beside, "ask_for_text", AskForText(text="Your address?"))
        assert isinstance(refused, Forbidden)
        assert (refused.code, "ask_for_text" in refused.allowed) == ("thread_busy", False)
        await world.desk.act(beside, "send_text", SendText(text="a link"))
        await world.idle()
        assert ana.texts == ["a link"]


async def test_a_second_call_does_not_wait_for_a_slow_first() -> None:
    """While the first call's greeting is being thought about, the second call is greeted at once."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello one")], [text("Hello two")])
        bot.gate.clear()
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        assert [turn["event"] for turn in bot.turns] == ["call_started"] * 2
        assert len({turn["session_id"] for turn in bot.turns}) == 2
        bot.gate.set()
        await world.idle()
        assert list(by_call(world).values()) == [["Hello one"], ["Hello two"]]


async def test_a_second_call_does_not_wait_for_a_first_past_its_budget() -> None:
    """The same when the first call already hears its filler."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello one")], [text("Hello two")])
        bot.gate.clear()
        await ana.call(NUMBER)
        await world.clock.advance(6)
        await ana.call(NUMBER)
        await world.idle()
        assert len(bot.turns) == 2
        bot.gate.set()
        await world.clock.advance(6)
        heard = list(by_call(world).values())
        assert heard[0] == ["One moment, please.", "Hello one"]
        assert heard[1] == ["Hello two"]


async def test_two_calls_behind_a_slow_text_are_both_served() -> None:
    """Both calls wait for the text's turn that was first; then each is a session of its own."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("to the text")], [text("Hello one")], [text("Hello two")])
        bot.gate.clear()
        await ana.text("hi", to=NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.clock.advance(7)
        bot.gate.set()
        await world.clock.advance(7)
        assert sorted(heard[-1] for heard in by_call(world).values()) == ["Hello one", "Hello two"]
        assert all(call.status == "in-progress" for call in ana.calls)


async def test_each_call_ends_for_itself() -> None:
    """The end of the call beside is told to its own session; the first goes on."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        await ana.call(NUMBER)
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        assert [turn["event"] for turn in bot.turns] == ["call_started", "call_started", "call_ended"]
        assert bot.turns[2]["session_id"] == bot.turns[1]["session_id"]
        states = {s["id"]: s["state"] for s in (await world.api("/sessions"))["sessions"]}
        assert states[bot.turns[0]["session_id"]] == "in_call"


async def test_a_call_again_after_a_hang_up_is_no_call_beside() -> None:
    """A caller who hung up while the assistant thought and calls again finds their own session."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [], [], [text("Hello again")])
        await ana.call(NUMBER)
        await world.idle()
        bot.gate.clear()
        await ana.say("slow one")
        await world.clock.advance(6)
        await ana.hang_up()
        await world.idle()
        await ana.call(NUMBER)
        await world.idle()
        bot.gate.set()
        await world.clock.advance(6)
        assert [turn["event"] for turn in bot.turns] == ["call_started", None, "call_ended", "call_started"]
        assert "ask_for_text" in bot.turns[-1]["allowed"]
        assert ana.spoken[-1] == "Hello again"


async def test_withheld_callers_are_strangers_to_each_other() -> None:
    """A withheld number is a session for each call, with no number and no way to text."""
    async with World() as world:
        nobody, bot = world.handset("anonymous"), world.bot
        bot.will([text("Hello one")], [text("Hello two")])
        await nobody.call(NUMBER)
        await world.idle()
        await nobody.call(NUMBER)
        await world.idle()
        assert [turn["customer"] for turn in bot.turns] == [{"phone_number": None}] * 2
        assert [turn["channels"]["sms"]["can_send"] for turn in bot.turns] == [False, False]
        assert bot.turns[0]["session_id"] != bot.turns[1]["session_id"]
        assert nobody.spoken == ["Hello one", "Hello two"]


async def test_a_withheld_caller_may_name_a_number_for_a_text() -> None:
    """`send_text` reaches the number that the caller gave, unless that number opted out."""
    async with World() as world:
        nobody, ana, bot = world.handset("anonymous"), world.handset(), world.bot
        link = {"response_type": "send_text", "text": "the link", "to": ANA}
        bot.will([link], [link, text("sent")])
        await nobody.call(NUMBER)
        await world.idle()
        assert ana.texts == ["the link"]
        await ana.text("STOP", to=NUMBER)
        await nobody.say("once more")
        await world.idle()
        assert ana.texts == ["the link"]
        assert ("text_failed", "") in bot.heard()


@pytest.mark.parametrize("caller", ["client:kiosk", "sip:desk@office.example", "Restricted", "unknown", "+"])
async def test_a_caller_without_a_number_is_asked_for_one(caller: str) -> None:
    """The call works; a text fails with `no_number`, by turn and by API, and reaches a number that is named."""
    async with World() as world:
        nobody, ana, bot = world.handset(caller), world.handset(), world.bot
        asks = {"response_type": "ask_for_text", "text": "Your address?", "say": "I am texting you."}
        bot.will([text("Hello")], [asks], [text("What is your number?")])
        await nobody.call(NUMBER)
        await nobody.say("I moved")
        await world.idle()
        assert bot.turns[0]["customer"] == {"phone_number": None}
        assert (bot.turns[-1]["event"], bot.turns[-1]["event_data"]["reason"]) == ("text_failed", "no_number")
        assert nobody.spoken == ["Hello", "What is your number?"]
        session = bot.turns[-1]["session_id"]
        refused = await world.desk.act(session, "send_text", SendText(text="a link"))
        assert isinstance(refused, Forbidden)
        assert refused.code == "no_number"
        done = await world.desk.act(session, "send_text", SendText(text="a link", to=ANA))
        assert isinstance(done, Acted)
        await world.idle()
        assert ana.texts == ["a link"]
        assert await world.state() == "in_call"
