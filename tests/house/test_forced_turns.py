"""Turns that the assistant asks for itself, through the whole house."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
MUSIC = "https://x.example/hold.wav"


def command(name: str) -> dict[str, Any]:
    """A command of IBM's gateways."""
    return {"response_type": "user_defined", "user_defined": {"vgwAction": {"command": name}}}


AGAIN = command("vgwActForceNoInputTurn")
LOOP = {
    "response_type": "audio",
    "source": MUSIC,
    "channel_options": {"voice_telephony": {"loop": True}},
}


async def test_an_answer_cuts_the_music() -> None:
    """The second turn is asked at once, under an id of its own; its answer interrupts the sound, once."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [AGAIN, LOOP], [text("You have ten.")])
        await ana.call(NUMBER)
        await ana.say("My balance")
        await world.idle()
        assert [heard.text for heard in ana.heard] == ["Hello", MUSIC, "You have ten."]
        assert bot.heard() == [("call_started", ""), (None, "My balance"), ("resume", "")]
        assert len({turn["turn_id"] for turn in bot.turns}) == 3
        assert world.interruptions() == 1
        assert world.carrier.faults == []


@pytest.mark.parametrize("engine", ["gather", "relay"])
@pytest.mark.parametrize("first", [LOOP, text("Let me look.")], ids=["sound", "words"])
async def test_the_second_turn_takes_its_time(first: dict[str, Any], engine: str) -> None:
    """However long it takes within the assistant's time-out, the caller hears the first answer and then the second."""
    async with World(phone={"engine": engine}) as world:
        ana, bot = world.handset(), world.bot

        async def slowly(_: dict[str, Any]) -> list[dict[str, Any]]:
            await world.clock.sleep(20)
            return [text("You have ten.")]

        bot.will([text("Hello")], [AGAIN, first], slowly)
        await ana.call(NUMBER)
        await ana.say("My balance")
        await world.clock.advance(15)
        assert ana.heard[-1].text in {MUSIC, "Let me look."}
        assert await world.state() == "in_call"
        await world.clock.advance(10)
        assert ana.heard[-1].text == "You have ten."
        assert "One moment, please." not in ana.spoken
        assert ana.is_listened_to
        assert world.carrier.faults == []


async def test_a_thread_has_two_answers() -> None:
    """By text both answers are sent, in order."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [
                text("Looking."),
                {
                    "response_type": "user_defined",
                    "user_defined": {"smsAction": {"command": "smsActForceNoInputTurn"}},
                },
            ],
            [text("Found.")],
        )
        await ana.text("My balance", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Looking.", "Found."]
        assert bot.turns[1]["channel"] == "sms"
