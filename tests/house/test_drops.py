"""The line is lost, at any moment of a call: whatever was under way ends well, on both engines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
DESK = "+15550109999"
Moment = Callable[[World], Awaitable[Any]]


async def greeting_thought_about(world: World) -> None:
    """The assistant has not answered the first request."""
    world.bot.gate.clear()
    await world.handset().call(NUMBER)
    await world.clock.advance(1)


async def filler_heard(world: World) -> None:
    """The greeting takes long: the call fetches again and again."""
    world.bot.gate.clear()
    await world.handset().call(NUMBER)
    await world.clock.advance(9)


async def floor_given(world: World) -> None:
    """The caller was greeted and may speak."""
    await world.handset().call(NUMBER)
    await world.handset().is_asked()


async def words_thought_about(world: World) -> None:
    """The caller's words are being answered."""
    await floor_given(world)
    world.bot.gate.clear()
    await world.handset().say("When?")
    await world.clock.advance(1)


async def text_thought_about(world: World) -> None:
    """A text in the call is being answered."""
    await floor_given(world)
    world.bot.gate.clear()
    await world.handset().text("When?", to=NUMBER)
    await world.idle()


async def text_awaited(world: World) -> None:
    """The assistant waits for a text."""
    world.bot.answers[1:2] = [[ask_for_text("Your address?")]]
    await floor_given(world)
    await world.handset().say("I moved")
    await world.idle()


async def human_rung(world: World) -> None:
    """A human is being dialled."""
    world.handset(DESK)
    world.bot.answers[1:2] = [[{"response_type": "transfer", "to": DESK}]]
    await floor_given(world)
    await world.handset().say("A human")
    await world.idle()


MOMENTS: list[Moment] = [
    greeting_thought_about,
    filler_heard,
    floor_given,
    words_thought_about,
    text_thought_about,
    text_awaited,
    human_rung,
]


@pytest.mark.parametrize("engine", ["gather", "relay"])
@pytest.mark.parametrize("quietly", [True, False], ids=["dropped", "hung-up"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
async def test_a_call_is_lost(moment: Moment, engine: str, *, quietly: bool) -> None:
    """One `call_ended`, last of the call's turns; no live call stays, nothing runs on, and a text is answered."""
    async with World(phone={"engine": engine}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")])
        await moment(world)
        await (ana.drop() if quietly else ana.hang_up())
        bot.gate.set()
        await world.clock.advance(30)
        events = [event for event, _ in bot.heard()]
        assert events.count("call_ended") == 1
        assert events[-1] == "call_ended"
        session = await world.session()
        assert session["call"]["state"] == "ended"
        assert session["state"] in {"ended", "text_only"}
        bot.answers[:] = [[text("By text.")]]
        await ana.text("Still there?", to=NUMBER)
        await world.idle()
        assert ana.texts[-1] == "By text."
        assert world.carrier.faults == []


async def test_speech_that_a_text_takes_away_is_not_lost_on_us() -> None:
    """The recogniser was still at it when the text cut in: the caller hears the answer and has the floor again."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Got your text.")], [text("Yes?")])
        await ana.call(NUMBER)
        await ana.begin_to_say("I would like")
        await ana.say("I would like to know", recognised_in=2.0)
        await ana.text("12 Elm Road", to=NUMBER)
        await world.clock.advance(3)
        assert bot.turns[1]["event_data"] == {"partial": "I would like"}
        assert ana.spoken == ["Hello", "Got your text."]
        assert ana.is_listened_to
        await ana.say("I would like to know")
        await world.idle()
        assert bot.heard()[-1] == (None, "I would like to know")
