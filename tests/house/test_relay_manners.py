"""How a call over a socket is tuned turn by turn, and how it waits, in the whole house."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio
HOLD = "https://x.example/hold.mp3"


def relayed(**phone: object) -> World:
    """A house whose calls a socket carries."""
    return World(phone={"engine": "relay", **phone})


def configure(kind: str = "speech_to_text", **parameters: Any) -> dict[str, Any]:
    """A `configure` item."""
    return {"response_type": kind, "command_info": {"type": "configure", "parameters": parameters}}


def connects(world: World) -> list[dict[str, str]]:
    """The attributes of every <ConversationRelay> so far."""
    return [event.data["attributes"] for event in world.carrier.events if event.kind == "connect"]


def languages(world: World) -> list[tuple[str, str]]:
    """What the carrier was told to speak and to hear, each time."""
    told = [event.data["languages"] for event in world.carrier.events if event.kind == "language"]
    return [(frame.get("ttsLanguage", ""), frame.get("transcriptionLanguage", "")) for frame in told]


async def notes(world: World, kind: str) -> list[dict[str, Any]]:
    """The data of the timeline's lines of one type."""
    session = (await world.session())["id"]
    lines = (await world.api(f"/sessions/{session}/events"))["events"]
    return [line["data"] for line in lines if line["type"] == kind]


async def test_settings_of_a_call() -> None:
    """Languages change with the document and revert; what a socket fixes is noted, and holds on the next one."""
    async with relayed(hints="Acme", speech_model="nova-3-general") as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Hello.")],
            [configure(language="de-DE", update_strategy="merge_once"), text("Und?")],
            [configure(hints=["Rathaus"], confidence_threshold=0.5, update_strategy="merge"), text("Back.")],
        )
        call = await ana.call(NUMBER)
        await world.idle()
        assert (connects(world)[0]["hints"], connects(world)[0]["speechModel"]) == ("Acme", "nova-3-general")
        for words in ("deutsch", "ja"):
            await ana.say(words)
            await world.idle()
        assert languages(world) == [("", "de-DE"), ("", "en-US")]
        assert await notes(world, "setting_not_changed") == [
            {"settings": ["hints"], "reason": "until_the_next_socket"},
            {"settings": ["confidence_threshold"], "reason": "not_over_a_socket"},
        ]
        world.carrier.drop_socket(call.sid)
        await world.idle()
        assert [found["hints"] for found in connects(world)] == ["Acme", "Rathaus"]
        assert world.carrier.faults == []


async def test_words_that_keys_alone_may_not_cut() -> None:
    """No word of a socket says so: it is noted, and the next socket is opened so; both together hold at once."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        keys = {"response_type": "dtmf", "command_info": {"type": "disable_barge_in"}}
        speech = {"response_type": "speech_to_text", "command_info": {"type": "disable_barge_in"}}
        bot.will([keys, text("Hello.")], [speech, text("Hm.")])
        call = await ana.call(NUMBER)
        await world.idle()
        assert await notes(world, "setting_not_changed") == [
            {"settings": ["key_barge_in"], "reason": "until_the_next_socket"}
        ]
        world.carrier.drop_socket(call.sid)
        await world.idle()
        assert [found.get("interruptible") for found in connects(world)] == [None, "speech"]
        await ana.say("well")
        await world.idle()
        assert len(await notes(world, "setting_not_changed")) == 1
        assert world.carrier.faults == []


async def test_words_that_speech_may_not_cut() -> None:
    """The caller who speaks into them hears them out."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        barge_in = {"response_type": "speech_to_text", "command_info": {"type": "disable_barge_in"}}
        bot.will([text("Hello.")], [barge_in, text("First"), {"response_type": "pause", "time": 60_000}, text("second.")], [text("Yes?")])  # fmt: skip
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("tell me")
        await world.idle()
        await ana.say("but")
        await world.idle()
        assert bot.turns[-1]["event_data"] == {}


async def test_too_many_silent_turns() -> None:
    """Each silence is a turn, the last one a goodbye."""
    async with relayed(max_silent_turns="3") as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("Still there?")], [text("Anyone?")])
        await ana.call(NUMBER)
        await world.idle()
        await world.clock.advance(40)
        await world.idle()
        assert [event for event, _ in bot.heard()] == ["call_started", "no_input", "no_input", "call_ended"]
        assert ana.spoken == ["Hello.", "Still there?", "Anyone?", "Goodbye."]
        assert ana.call_state == "completed"


async def test_a_wait_for_a_text_is_one_sound() -> None:
    """The hold audio begins once, silence is no turn beside it, and the reply's answer cuts it at once."""
    async with relayed(hold_audio=HOLD) as world:
        ana, bot = world.handset(), world.bot
        bot.will([ask_for_text("Your address?", say="Text me.")], [text("Thank you.")])
        await ana.call(NUMBER)
        await world.idle()
        await world.clock.advance(60)
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        assert [heard.text for heard in ana.heard] == ["Text me.", HOLD, "Thank you."]
        assert [event for event, _ in bot.heard()] == ["call_started", "text_reply"]


async def test_a_pause_does_not_hold_up_a_text() -> None:
    """A minute's pause in an answer ends when a text comes."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("One."), {"response_type": "pause", "time": 60_000}, text("Two.")], [text("To your text.")]
        )
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("hello", to=NUMBER)
        await world.idle()
        assert " ".join(ana.spoken) == "One. To your text."


async def test_an_answer_of_nothing_gets_no_filler() -> None:
    """An assistant that has nothing to say to an utterance is not slow: the caller has the floor again."""
    async with World(phone={"engine": "relay", "post_response_timeout": "60s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [])
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("Hm")
        await world.clock.advance(20)
        assert ana.spoken == ["Hello."]
        assert len(bot.turns) == 2
