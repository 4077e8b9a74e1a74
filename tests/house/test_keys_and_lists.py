"""What a caller presses, chooses, and does not say, from the phone to the assistant."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
COVER = {
    "response_type": "option",
    "title": "Which cover?",
    "options": [
        {"label": "Home & contents", "value": {"input": {"text": "home"}}},
        {"label": "Boat", "value": {"input": {"text": "boat"}}},
        {"label": "Car", "value": {"input": {"text": "car"}}},
    ],
}


def collect(**parameters: Any) -> dict[str, Any]:
    """A `dtmf` `collect` item."""
    return {"response_type": "dtmf", "command_info": {"type": "collect", "parameters": parameters}}


@pytest.mark.parametrize(
    ("parameters", "keys", "digits", "enough"),
    [
        ({"count": 4}, "12345", "1234", True),
        ({"count": 4}, "12#", "12", False),
        ({"termination_key": "*"}, "12#3*", "12#3", True),
        ({"termination_key": "#"}, "123#", "123", True),
        ({"count": 4, "termination_key": "*"}, "12*", "12", False),
        ({"minimum_count": 2, "maximum_count": 5}, "1234567", "12345", True),
        ({"minimum_count": 2, "maximum_count": 5}, "12#", "12", True),
        ({"minimum_count": 2, "maximum_count": 5}, "1#", "1", False),
        ({"inter_digit_timeout_count": 1500}, "987", "987", True),
        ({"count": 4, "inter_digit_timeout_count": 1500, "ignore_speech": True}, "987", "987", False),
    ],
)
async def test_each_end_of_a_collection(
    parameters: dict[str, Any], keys: str, digits: str, *, enough: bool
) -> None:
    """By count, by key, by maximum, or by time: the turn has the digits, and says whether they are enough."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Number?"), collect(**parameters)], [text("Thanks")])
        await ana.call(NUMBER)
        await ana.press(keys)
        await ana.hears("Thanks")
        turn = bot.turns[1]
        assert (turn["input"]["type"], turn["input"]["text"]) == ("dtmf", digits)
        assert turn["event_data"] == {"dtmf_collection_succeeded": enough}
        assert world.carrier.faults == []


@pytest.mark.parametrize(
    ("act", "given", "chosen"),
    [
        ("press", "2", "boat"),
        ("say", "two", "boat"),
        ("say", "number 2, please", "boat"),
        ("say", "the second one", "boat"),
        ("say", "the last", "car"),
        ("say", "Boat.", "boat"),
        ("say", "home and contents", "home"),
        ("press", "9", "9"),
        ("say", "a bicycle", "a bicycle"),
    ],
)
async def test_a_list_is_chosen_from(act: str, given: str, chosen: str) -> None:
    """By key, number word, ordinal or label the turn is the choice's words; anything else is what was said."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([COVER], [text("Noted")])
        await ana.call(NUMBER)
        await (ana.press(given) if act == "press" else ana.say(given))
        await ana.hears("Noted")
        assert ana.spoken[0] == "Which cover? Press or say 1 for Home & contents, 2 for Boat, or 3 for Car."
        assert bot.turns[1]["input"]["text"] == chosen


async def test_a_setting_for_one_turn_goes_back() -> None:
    """`merge_once`: the carrier hears German until the caller's next turn is answered, then English again."""
    once = {
        "response_type": "speech_to_text",
        "command_info": {
            "type": "configure",
            "parameters": {"language": "de-DE", "update_strategy": "merge_once"},
        },
    }
    async with World(phone={"language": "en-US"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hallo"), once], [text("Hello")], [])
        await ana.call(NUMBER)
        await ana.say("Guten Tag")
        await ana.say("Good day")
        await world.idle()
        answers = [hook.body for hook in world.carrier.webhooks if hook.kind == "voice"]
        languages = [
            found[1] for body in answers if (found := re.search(r'<Gather[^>]* language="(.*?)"', body))
        ]
        assert languages == ["de-DE", "en-US", "en-US"]


async def test_three_silent_turns_end_the_call_politely() -> None:
    """Two are turns of the assistant; the third is a goodbye, and the call ends by us."""
    async with World(phone={"goodbye_message": "Goodbye, call again."}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Are you there?")], [text("Hello?")])
        await ana.call(NUMBER)
        for _ in range(3):
            await ana.stay_silent()
            await world.idle()
        assert ana.spoken == ["Hello", "Are you there?", "Hello?", "Goodbye, call again."]
        assert [event for event, _ in bot.heard()] == ["call_started", "no_input", "no_input", "call_ended"]
        assert bot.turns[-1]["event_data"] == {"reason": "hung_up_by_us"}
        assert ana.call_state == "completed"


async def test_an_answer_after_twelve_seconds_is_heard() -> None:
    """No request waits longer than the budget, the filler is heard once, and the answer is the next thing."""
    async with World() as world:
        ana, bot = world.handset(), world.bot

        async def slowly(_: dict[str, Any]) -> list[dict[str, Any]]:
            await world.clock.sleep(12)
            return [text("Tomorrow at noon")]

        bot.will([text("Hello")], slowly, [text("Yes")])
        await ana.call(NUMBER)
        await ana.say("When?")
        await world.clock.advance(16)
        assert ana.spoken == ["Hello", "One moment, please.", "Tomorrow at noon"]
        assert max(hook.seconds for hook in world.carrier.webhooks if hook.kind == "voice") <= 6
        await ana.say("Sure?")
        await ana.hears("Yes")
        assert world.carrier.faults == []


async def test_two_slow_turns_do_not_say_the_filler_back_to_back() -> None:
    """Each slow turn has one filler, with an answer between them."""
    async with World() as world:
        ana, bot = world.handset(), world.bot

        def slow(words: str) -> Any:
            async def answer(_: dict[str, Any]) -> list[dict[str, Any]]:
                await world.clock.sleep(12)
                return [text(words)]

            return answer

        bot.will([text("Hello")], slow("One"), slow("Two"))
        await ana.call(NUMBER)
        for words in ("first", "second"):
            await ana.say(words)
            await world.clock.advance(16)
        assert ana.spoken == ["Hello", "One moment, please.", "One", "One moment, please.", "Two"]


async def test_an_answer_that_nobody_waits_for_is_dropped_and_noted() -> None:
    """The caller hung up over it: the timeline says what became of the answer to the speech."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Tomorrow")])
        await ana.call(NUMBER)
        await ana.is_asked()
        bot.gate.clear()
        await ana.say("When?")
        await world.clock.advance(6)
        await ana.hang_up()
        bot.gate.set()
        await world.clock.advance(6)
        lines = (await world.api(f"/sessions/{bot.turns[0]['session_id']}/events"))["events"]
        dropped = [line for line in lines if line["type"] in {"answer_dropped", "item_skipped"}]
        assert [line["data"]["reason"] for line in dropped] == ["call_ended"]
        assert "Tomorrow" not in ana.spoken
        assert ana.texts == []
