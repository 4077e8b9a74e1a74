"""What a socket says, and when: pauses, endless sounds, interruptions, and answers on their way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.twilio.relay.frames import Interrupt, Key, Prompt
from orchestrator.core.effects import Continue, Dial, HangUpCall, Listen, Play, Say, Silence
from orchestrator.core.events import DocumentSpoken, SpeechHeard
from orchestrator.core.items import AskForText, Item, Media, Pause, SendText, Text
from tests.channels.twilio.relay.line import STYLE, Line

pytestmark = pytest.mark.anyio
HOLD = "https://x.example/hold.mp3"


def say(words: str) -> Say:
    """Plain words."""
    return Say(text=words)


async def test_a_pause_stands_between_its_words() -> None:
    """The words behind it come once the words before are over and the pause is; then they are spoken for."""
    async with Line() as line:
        await line.commits(say("One two"), Silence(seconds=2), say("three."))
        assert line.words == ["One two"]
        await line.clock.advance(2.7)
        assert line.words == ["One two"]
        assert line.told == []
        await line.clock.advance(0.2)
        assert line.words == ["One two", "three."]
        assert [frame["last"] for frame in line.of("text")] == [False, True]
        assert [type(event) for event in line.told] == [DocumentSpoken]


async def test_a_pause_does_not_hold_up_a_text() -> None:
    """A document that comes meanwhile is said at once, and what the pause kept back is not said."""
    async with Line() as line:
        await line.commits(say("One"), Silence(seconds=60), say("two."))
        await line.commits(say("To your text."), turn="t2")
        assert line.words == ["One", "To your text."]
        await line.clock.advance(70)
        assert "two." not in line.words


async def test_a_pause_does_not_hold_up_the_caller() -> None:
    """Who cuts in does not hear the rest, and what was said is a turn."""
    async with Line() as line:
        await line.commits(say("One"), Silence(seconds=60), say("two."))
        await line.hears(Interrupt("One"))
        await line.hears(Prompt("wait", last=True))
        assert isinstance(line.told[-1], SpeechHeard)
        assert line.told[-1].cut == "One"
        await line.clock.advance(6)
        assert line.words == ["One"]


async def test_silence_counts_from_the_end_of_the_words() -> None:
    """The pause at the end of a document is not the caller's silence."""
    async with Line() as line:
        await line.commits(say("One two"), Silence(seconds=5))
        await line.clock.advance(12.7)
        assert line.happened == []
        await line.clock.advance(0.2)
        assert line.happened == ["SilenceHeard"]


async def test_silence_that_is_answered_with_nothing_counts_anew() -> None:
    """While a text is awaited each silence has its whole length: it is not told again and again."""
    async with Line() as line:
        await line.commits(say("One two"))
        await line.clock.advance(8)
        await line.commits()
        await line.clock.advance(6)
        assert line.happened == ["SilenceHeard"]
        await line.clock.advance(2)
        assert line.happened == ["SilenceHeard"] * 2


async def test_an_endless_sound_plays_once_and_is_waited_with() -> None:
    """It is not started again, and silence beside it is no silence; the next words end it."""
    async with Line() as line:
        await line.commits(Play(url=HOLD, loop=0))
        await line.commits(Play(url=HOLD, loop=0))
        await line.clock.advance(120)
        assert len(line.of("play")) == 1
        assert line.happened == []
        await line.commits(say("Thank you."))
        await line.clock.advance(9)
        assert line.happened == ["SilenceHeard"]


async def test_an_endless_sound_ends_where_the_caller_gets_the_floor() -> None:
    """A document without words cuts it short."""
    async with Line() as line:
        await line.commits(Play(url=HOLD, loop=0))
        await line.commits()
        assert line.frames[-1] == {"type": "text", "token": " ", "last": True, "preemptible": True}
        await line.clock.advance(8)
        assert line.happened == ["SilenceHeard"]


@pytest.mark.parametrize("ending", [HangUpCall(), Dial(to="+15550105555")])
async def test_the_socket_ends_behind_its_words(ending: HangUpCall | Dial) -> None:
    """Once, when the words are reckoned to be over."""
    async with Line() as line:
        await line.commits(say("Good bye then"), ending=ending)
        await line.clock.advance(1.1)
        assert line.of("end") == []
        await line.clock.advance(0.2)
        assert [frame["handoffData"] for frame in line.of("end")] == ['{"document":1}']


async def test_what_sounds_is_said_ahead() -> None:
    """Words, sounds and pauses of an answer on its way, past a text that is sent; then once only."""
    async with Line() as line:
        items: list[Item] = [
            Text(text="One."),
            SendText(text="By text."),
            Media(kind="audio", source=HOLD),
            Pause(seconds=0.5),
            Text(text="Two."),
        ]
        for place, item in enumerate(items):
            line.session.item("t1", place, item)
        await line.clock.advance(0)
        assert line.words == ["One.", HOLD]
        await line.commits(say("One."), Play(url=HOLD), Silence(seconds=1), say("Two."), turn="t1")
        await line.clock.advance(12)
        assert line.words == ["One.", HOLD, "Two."]
        assert [frame["last"] for frame in line.of("text")] == [False, True]


async def test_what_must_be_decided_is_not_said_ahead() -> None:
    """Nor anything behind it."""
    async with Line() as line:
        items: list[Item] = [Text(text="One."), AskForText(say="Text me."), Text(text="Two.")]
        for place, item in enumerate(items):
            line.session.item("t1", place, item)
        await line.clock.advance(0)
        assert line.words == ["One."]


async def test_an_item_that_was_lost_on_the_way() -> None:
    """From the gap on, words wait for the whole answer; an item that comes after it says nothing."""
    async with Line() as line:
        line.session.item("t1", 0, Text(text="One."))
        line.session.item("t1", 2, Text(text="Three."))
        await line.clock.advance(0)
        assert line.words == ["One."]
        await line.commits(say("One."), say("Two."), say("Three."), turn="t1")
        line.session.item("t1", 0, Text(text="One."))
        await line.clock.advance(0)
        assert line.words == ["One.", "Two.", "Three."]


async def test_hold_audio_between_filler_and_answer() -> None:
    """The filler is followed by the hold audio, which the answer cuts."""
    async with Line() as line:
        line.session._style = replace(STYLE, hold_audio=HOLD)
        await line.commits(say("One moment."), ending=Continue(), turn="t1")
        assert line.words == ["One moment.", HOLD]
        await line.commits(say("Here."), turn="t1")
        assert line.words[-1] == "Here."


async def test_keys_count_when_words_are_over_where_they_may_not_cut() -> None:
    """Before, they are no input."""
    async with Line() as line:
        floor = Listen(timeout=7.0, num_digits=1, key_barge_in=False)
        await line.commits(say("Press a key when I am done"), ending=floor)
        await line.hears(Key("1"))
        assert line.happened == []
        await line.clock.advance(3)
        await line.hears(Key("2"))
        assert line.happened == ["DigitsPressed"]


async def test_words_that_came_before_the_socket_looked() -> None:
    """Whatever document is found first, they are said, and once."""
    async with Line() as line:
        line.session.item("t1", 0, Text(text="Hello."))
        await line.commits(ending=Continue())
        await line.commits(say("Hello."), turn="t1")
        assert line.words == ["Hello."]
    async with Line() as line:
        line.session.item("t1", 0, Pause(seconds=5))
        line.session.item("t1", 1, Text(text="Hello."))
        await line.commits(say("An operator speaks."))
        await line.commits(Silence(seconds=5), say("Hello."), turn="t1")
        await line.clock.advance(12)
        assert line.words == ["An operator speaks.", "Hello."]
