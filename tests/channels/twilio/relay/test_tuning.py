"""How a socket follows the settings of its call: languages, barge-in, voices and markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from channels.twilio.relay import voices
from channels.twilio.relay.connect import connect
from orchestrator.core.effects import Listen, Play, Say
from orchestrator.core.items import Text
from orchestrator.core.manner import Manner
from tests.channels.twilio.relay.line import STYLE, Line

pytestmark = pytest.mark.anyio
GERMAN = Manner(language="de-DE", spoken_language="de-DE")


async def test_languages_change_in_mid_call_and_back() -> None:
    """Each change is one message in front of the words, and no change is none."""
    async with Line() as line:
        await line.commits(Say(text="Hello."))
        await line.commits(Say(text="Hallo.", language="de-DE"), manner=GERMAN)
        await line.commits(Say(text="Und?", language="de-DE"), manner=GERMAN)
        await line.commits(Say(text="Back."))
        assert [frame["type"] for frame in line.frames] == [
            "text", "language", "text", "text", "language", "text"
        ]  # fmt: skip
        assert line.of("language") == [
            {"type": "language", "ttsLanguage": "de-DE", "transcriptionLanguage": "de-DE"},
            {"type": "language", "ttsLanguage": "en-US", "transcriptionLanguage": "en-US"},
        ]
        assert [frame.get("lang") for frame in line.of("text")] == [None, "de-DE", "de-DE", None]


async def test_a_language_that_ends_with_the_answer_is_not_spoken_ahead() -> None:
    """The answer to the caller waits for its decision, and is said in the language that holds then."""
    async with Line() as line:
        await line.commits(Say(text="Hallo.", language="de-DE"), manner=GERMAN, once=True)
        line.session._ask()
        line.session.item("t2", 0, Text(text="Back."))
        await line.clock.advance(0)
        assert line.words == ["Hallo."]
        await line.commits(Say(text="Back."), turn="t2")
        assert [frame["type"] for frame in line.frames] == ["language", "text", "language", "text"]


async def test_speech_may_not_cut() -> None:
    """Words and sounds are marked so while it holds, and no longer."""
    async with Line() as line:
        floor = Listen(timeout=7.0, speech_barge_in=False)
        await line.commits(Say(text="Listen."), Play(url="https://x.example/a.mp3"), ending=floor)
        await line.commits(Say(text="Now you."))
        assert [frame.get("interruptible") for frame in line.frames] == [False, False, None]


async def test_keys_that_may_cut_again_do_so_on_any_socket() -> None:
    """Nothing is marked where the configuration holds; keys that were let in again are."""
    async with Line() as line:
        await line.commits(
            Say(text="a"), ending=Listen(timeout=7.0, key_barge_in=False), manner=Manner(key_barge_in=False)
        )
        await line.commits(Say(text="b"), manner=Manner(key_barge_in=True))
        assert [frame.get("interruptible") for frame in line.frames] == [None, True]


@pytest.mark.parametrize(
    ("floor", "attribute"),
    [
        (Listen(timeout=7.0), None),
        (Listen(timeout=7.0, key_barge_in=False), "speech"),
        (Listen(timeout=7.0, keys=False), "speech"),
        (Listen(timeout=7.0, speech_barge_in=False), None),
        (Listen(timeout=7.0, speech_barge_in=False, key_barge_in=False), None),
        (None, None),
    ],
)
def test_a_socket_is_told_that_keys_alone_may_not_cut(floor: Listen | None, attribute: str | None) -> None:
    """The attribute names what may; all else is marked word by word."""
    written = re.findall(r' interruptible="(\w+)"', connect(STYLE, floor))
    assert written == ([attribute] if attribute else [])


@pytest.mark.parametrize(
    ("voice", "marked"),
    [("Google.en-US-Journey-O", True), ("Joanna-Standard", True), ("Joanna-Neural", False), ("", False), ("UgBB", False)],
)  # fmt: skip
async def test_markup_is_for_voices_that_know_it(voice: str, marked: bool) -> None:
    """Any other voice gets the plain words: `emphasis` is unknown to neural ones, and of an account's default nothing is known."""
    ssml = "<emphasis>now</emphasis> &amp; then"
    async with Line(replace(STYLE, voice=voice)) as line:
        await line.commits(Say(text="now & then", ssml=ssml))
        assert line.words == [ssml if marked else "now & then"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Polly.Joanna-Neural", ("Amazon", "Joanna-Neural")),
        ("Joanna-Generative", ("Amazon", "Joanna-Generative")),
        ("Google.de-DE-Chirp3-HD-Kore", ("Google", "de-DE-Chirp3-HD-Kore")),
        ("en-US-Journey-O", ("Google", "en-US-Journey-O")),
        ("UgBBYS2sOqTuMpoF3BR0", ("", "UgBBYS2sOqTuMpoF3BR0")),
        ("alice", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_voice_comes_with_its_provider(name: str, expected: tuple[str, str]) -> None:
    """The carrier ends a call whose provider does not have the voice; basic voices are none of theirs."""
    assert voices.voice(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nova-3-general", ("Deepgram", "nova-3-general")),
        ("deepgram_nova-2-phonecall", ("Deepgram", "nova-2-general")),
        ("googlev2_telephony_short", ("Google", "telephony")),
        ("phone_call", ("", "phone_call")),
    ],
)
def test_a_model_comes_with_its_provider(name: str, expected: tuple[str, str]) -> None:
    """Names of <Gather> are those of the same models here."""
    assert voices.model(name) == expected


def test_what_is_fixed_comes_from_the_floor_or_the_configuration() -> None:
    """The floor's where there is one: a socket that is opened again listens as the call does."""
    style = replace(STYLE, hints="Acme", speech_model="nova-3-general", speech_timeout=0.2, profanity_filter=False)  # fmt: skip
    fresh = connect(style)
    for part in ('hints="Acme"', 'speechModel="nova-3-general"', 'speechTimeout="600"', 'profanityFilter="false"'):  # fmt: skip
        assert part in fresh
    again = connect(style, Listen(timeout=7, hints="Rathaus", speech_timeout=9), "Google.de-DE-Journey-O")
    assert 'hints="Rathaus"' in again
    assert 'speechTimeout="5000"' in again
    assert 'ttsProvider="Google"' in again
    assert "speechModel" not in again
