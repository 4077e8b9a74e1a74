"""An assistant that takes its time: no request of a call waits longer than the budget."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

BUDGET = 4.0
FILLER = "One moment, please."


def longest(world: World) -> float:
    """Seconds of the slowest answer to a voice request."""
    return max(hook.seconds for hook in world.carrier.webhooks if hook.kind == "voice")


async def test_a_slow_greeting_is_bridged_and_spoken() -> None:
    """Each request is answered within the budget, the filler is heard once, then the answer."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello at last")])
        bot.gate.clear()
        await ana.call(NUMBER)
        await world.clock.advance(21)
        session = await world.session()
        assert session["call"]["state"] == "thinking"
        assert session["state"] == "in_call"
        bot.gate.set()
        await world.clock.advance(6)
        assert ana.spoken == [FILLER, "Hello at last"]
        assert longest(world) <= BUDGET
        assert len(bot.turns) == 1
        assert world.carrier.faults == []


async def test_a_slow_turn_is_bridged_with_hold_audio() -> None:
    """With `hold_audio` the caller hears it while the assistant thinks, then the answer to what they said."""
    sound = "https://example.com/hold.mp3"
    async with World(phone={"hold_audio": sound}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.say("When?")
        await world.clock.advance(13)
        bot.gate.set()
        await world.clock.advance(6)
        heard = [line.text for line in ana.heard]
        assert heard[:3] == ["Hello", FILLER, sound]
        assert heard[-1] == "Tomorrow"
        assert heard.count(FILLER) == 1
        assert longest(world) <= BUDGET


async def test_the_silence_of_a_bridge_is_paced() -> None:
    """While the assistant thinks the call fetches at most once a second."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.gate.clear()
        await ana.call(NUMBER)
        await world.clock.advance(20)
        fetches = [hook for hook in world.carrier.webhooks if "/voice/resume" in hook.url]
        assert 2 <= len(fetches) <= 20


async def test_speech_behind_a_slow_text_hears_one_filler() -> None:
    """What the caller says while a text is being answered slowly waits with one filler, not two."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [], [text("to speech")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.text("written", to=NUMBER)
        await world.idle()
        await ana.say("spoken")
        await world.clock.advance(7)
        bot.gate.set()
        await world.clock.advance(5)
        assert ana.spoken == ["Hello", FILLER, "to speech"]
        assert bot.heard()[1:] == [("text_reply", "written"), (None, "spoken")]
        assert longest(world) <= BUDGET


async def test_speech_that_is_slow_itself_behind_a_slow_text_hears_one_filler() -> None:
    """Where the speech's own turn outlasts the budget as well, the filler is not said again."""
    release = asyncio.Event()

    async def slowly(_: dict[str, Any]) -> list[dict[str, Any]]:
        await release.wait()
        return [text("to speech")]

    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [], slowly)
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.text("written", to=NUMBER)
        await world.idle()
        await ana.say("spoken")
        await world.clock.advance(7)
        bot.gate.set()
        await world.clock.advance(9)
        assert len(bot.turns) == 3
        release.set()
        await world.clock.advance(5)
        assert ana.spoken == ["Hello", FILLER, "to speech"]
        assert longest(world) <= BUDGET


async def test_a_caller_who_leaves_while_the_assistant_thinks_is_over() -> None:
    """The answer to speech is dropped, the assistant learns the end of the call, nothing is sent."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.say("When?")
        await world.clock.advance(6)
        await ana.hang_up()
        await world.idle()
        bot.gate.set()
        await world.clock.advance(6)
        assert [event for event, _ in bot.heard()] == ["call_started", None, "call_ended"]
        assert ana.texts == []
        assert (await world.session())["state"] == "ended"


async def test_a_text_answered_after_the_hang_up_is_answered_by_text() -> None:
    """The caller wrote in the call and hung up while the assistant thought: the answer is a text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("the answer")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.text("a question", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        bot.gate.set()
        await world.clock.advance(4)
        assert ana.texts == ["the answer"]
        assert ana.spoken == ["Hello"]
        assert (await world.session())["state"] == "text_only"


async def test_an_interruption_of_a_call_that_is_over_counts_as_its_end() -> None:
    """The call's end was not told yet; the refused interruption ends it, and the answer goes by text."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("the answer")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.text("a question", to=NUMBER)
        await world.idle()
        world.carrier.trouble.lose_next_webhook("voice-status")
        await ana.drop()
        await world.idle()
        bot.gate.set()
        await world.clock.advance(4)
        assert ana.texts == ["the answer"]
        assert [event for event, _ in bot.heard()] == ["call_started", "text_reply", "call_ended"]
