"""What an assistant sets of a call, from its JSON to what the phone hears and may do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


def command(response_type: str, kind: str, **parameters: Any) -> dict[str, Any]:
    """An item with a command."""
    return {"response_type": response_type, "command_info": {"type": kind, "parameters": parameters}}


async def test_keys_are_collected() -> None:
    """Four keys end the collection by themselves; fewer are a turn that says so."""
    collect = command("dtmf", "collect", count=4, inter_digit_timeout_count=2000, ignore_speech=True)
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Number?"), collect], [text("Again?"), collect], [text("Thanks")])
        await ana.call(NUMBER)
        await ana.press("12#")
        await ana.hears("Again?")
        await ana.press("1234")
        await ana.hears("Thanks")
        assert [turn["input"]["text"] for turn in bot.turns[1:]] == ["12", "1234"]
        assert [turn["event_data"]["dtmf_collection_succeeded"] for turn in bot.turns[1:]] == [False, True]
        assert world.carrier.faults == []


async def test_silence_after_a_collection_is_that_of_the_phone() -> None:
    """The wait for the first key is `post_response_timeout`, whatever the time between keys is."""
    async with World(phone={"post_response_timeout": "9s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Number?"), command("dtmf", "collect", inter_digit_timeout_count=2000)], [text("Well?")]
        )
        await ana.call(NUMBER)
        await ana.is_asked()
        await world.clock.advance(8.5)
        assert len(bot.turns) == 1
        await world.clock.advance(1)
        assert bot.turns[1]["event"] == "no_input"


async def test_words_that_speech_may_not_cut() -> None:
    """With barge-in off for speech it is heard once the words were said; the turn is an ordinary one."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Listen."), command("speech_to_text", "disable_barge_in")], [text("Yes")])
        await ana.call(NUMBER)
        await ana.hears("Listen.")
        await world.clock.advance(2.5)
        await ana.say("Well")
        await ana.hears("Yes")
        assert bot.turns[1]["input"]["text"] == "Well"
        assert world.carrier.faults == []


async def test_keys_cut_what_speech_may_not() -> None:
    """The first <Gather> takes keys, and their turn is the document's."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Listen."), command("speech_to_text", "disable_barge_in")], [text("Yes")])
        await ana.call(NUMBER)
        await ana.press("5")
        await ana.hears("Yes")
        assert bot.turns[1]["input"]["type"] == "dtmf"


async def test_mumbling_is_not_understood() -> None:
    """Speech below the threshold is `no_input`, with the words."""
    async with World(phone={"confidence_threshold": "0.5"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Pardon?")], [text("I see")])
        await ana.call(NUMBER)
        await ana.say("mumble", 0.2)
        await ana.hears("Pardon?")
        await ana.say("clear", 0.5)
        await ana.hears("I see")
        assert bot.turns[1]["event"] == "no_input"
        assert bot.turns[1]["event_data"] == {"utterance": "mumble", "confidence": 0.2}
        assert bot.turns[2]["input"]["text"] == "clear"


async def test_a_call_that_hears_nothing_is_reached_by_text() -> None:
    """With both activities stopped the call stays up, and a text is answered in it."""
    both = ["speech_to_text_recognition", "dtmf_collection"]
    stop = {"response_type": "stop_activities", "activities": [{"type": kind} for kind in both]}
    start = {"response_type": "start_activities", "activities": [{"type": kind} for kind in both]}
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Wait."), stop], [text("Got it"), start], [text("Yes")])
        await ana.call(NUMBER)
        await world.clock.advance(30)
        assert not ana.is_listened_to
        assert len(bot.turns) == 1
        await ana.text("12 Elm Road", to=NUMBER)
        await ana.hears("Got it")
        await ana.say("Fine")
        await ana.hears("Yes")
        assert world.carrier.faults == []


async def test_hold_audio_plays_until_the_text_comes() -> None:
    """While a text is awaited the sound comes again and again, and no turn is made of the silence."""
    sound = "https://example.com/hold.mp3"
    async with World(phone={"hold_audio": sound}) as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [{"response_type": "ask_for_text", "text": "Address?", "say": "I text you."}], [text("Thanks")]
        )
        await ana.call(NUMBER)
        await world.clock.advance(12)
        assert [line.text for line in ana.heard].count(sound) >= 3
        assert len(bot.turns) == 1
        await ana.text("12 Elm Road", to=NUMBER)
        await ana.hears("Thanks")
