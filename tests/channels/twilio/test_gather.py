"""How a call listens, as <Gather>, and what cuts the words short."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from channels.twilio.integration import CallStyle
from channels.twilio.twiml import render
from orchestrator.core.effects import Document, Listen, Say, Tones, Verb

STYLE = CallStyle(public_url="https://voice.example.com", language="en-US", voice="Polly.Joanna")
HELLO: tuple[Verb, ...] = (Say(text="Hello"),)


def played(listen: Listen, *verbs: Verb) -> ET.Element:
    """A document that listens so, as the carrier reads it."""
    document = Document(call_sid="CA1", number=3, ending=listen, verbs=verbs)
    return ET.fromstring(render(document, STYLE))  # noqa: S314 - our own document


def attributes(listen: Listen) -> dict[str, str]:
    """The attributes of its <Gather> besides addresses."""
    gather = played(listen).find("Gather")
    assert gather is not None
    urls = {"action", "method"}
    return {name: value for name, value in gather.items() if name not in urls}


PLAIN = {
    "input": "dtmf speech",
    "timeout": "7",
    "speechTimeout": "auto",
    "actionOnEmptyResult": "true",
    "language": "en-US",
}


@pytest.mark.parametrize(
    ("listen", "more"),
    [
        (Listen(timeout=7), {}),
        (Listen(timeout=7, language="de-DE"), {"language": "de-DE"}),
        (Listen(timeout=7, hints="Amt, Rathaus"), {"hints": "Amt, Rathaus"}),
        (Listen(timeout=7, speech_timeout=1.2), {"speechTimeout": "2"}),
        (Listen(timeout=7, speech_model="phone_call"), {"speechModel": "phone_call", "speechTimeout": "2"}),
        (
            Listen(timeout=7, speech_model="phone_call", speech_timeout=4),
            {"speechModel": "phone_call", "speechTimeout": "4"},
        ),
        (Listen(timeout=7, max_speech_time=30), {"maxSpeechTime": "30"}),
        (Listen(timeout=7, profanity_filter=False), {"profanityFilter": "false"}),
        (Listen(timeout=7, num_digits=4, finish_on_key="*"), {"numDigits": "4", "finishOnKey": "*"}),
    ],
)
def test_settings(listen: Listen, more: dict[str, str]) -> None:
    """Each setting is the attribute of its name; with a model named the carrier gets whole seconds."""
    assert attributes(listen) == PLAIN | more


def test_words_on_the_way() -> None:
    """Where they are wanted the carrier is told where they go; it takes none from keys."""
    style = CallStyle(public_url="https://voice.example.com", partial_results=True)
    document = Document(call_sid="CA1", number=3, ending=Listen(timeout=7))
    gather = ET.fromstring(render(document, style)).find("Gather")  # noqa: S314 - our own document
    assert gather is not None
    address = "https://voice.example.com/twilio/voice/partial?call=CA1&document=3&beside=0"
    assert gather.get("partialResultCallback") == address
    assert gather.get("partialResultCallbackMethod") == "POST"
    keys = render(replace(document, ending=Listen(timeout=7, speech=False)), style)
    assert "partialResultCallback" not in keys


def test_speech_only() -> None:
    """A call that hears no keys asks for speech alone."""
    assert attributes(Listen(timeout=7, keys=False))["input"] == "speech"


def test_a_call_that_hears_nothing_waits() -> None:
    """With both activities stopped the words are played, then silence, and the next document is fetched."""
    root = played(Listen(timeout=7, speech=False, keys=False), *HELLO)
    assert [verb.tag for verb in root] == ["Say", "Pause", "Redirect"]
    assert root[1].get("length") == "7"


def test_the_wait_between_keys() -> None:
    """The one time-out of a <Gather> is the wait between keys; silence in it makes up for the first one."""
    root = played(Listen(timeout=7, speech=False, inter_digit_timeout=2.5), *HELLO)
    gather = root[0]
    assert gather.get("timeout") == "3"
    assert [(verb.tag, verb.get("length")) for verb in gather] == [("Say", None), ("Pause", "4")]


def test_a_long_wait_between_keys() -> None:
    """Where the wait between keys is the longer one there is nothing to make up for."""
    gather = played(Listen(timeout=7, inter_digit_timeout=10), *HELLO)[0]
    assert (gather.get("timeout"), [verb.tag for verb in gather]) == ("10", ["Say"])


@pytest.mark.parametrize(
    ("listen", "heard"),
    [
        (Listen(timeout=7), ["dtmf speech: Say"]),
        (Listen(timeout=7, speech_barge_in=False), ["dtmf: Say", "dtmf speech: "]),
        (Listen(timeout=7, key_barge_in=False), ["speech: Say", "dtmf speech: "]),
        (Listen(timeout=7, key_barge_in=False, speech_barge_in=False), ["Say", "dtmf speech: "]),
        (Listen(timeout=7, key_barge_in=False, keys=False), ["speech: Say"]),
        (Listen(timeout=7, speech_barge_in=False, keys=False), ["Say", "speech: "]),
    ],
)
def test_what_cuts_the_words_short(listen: Listen, heard: list[str]) -> None:
    """Words that only speech, or only keys, may cut are in a <Gather> that takes nothing else; it ends
    without a request, and the floor follows.
    """
    root = played(listen, *HELLO)
    told = [
        f"{verb.get('input')}: {' '.join(inner.tag for inner in verb)}" if verb.tag == "Gather" else verb.tag
        for verb in root
    ]
    assert told == [*heard, "Redirect"]
    first = root[0]
    if len(heard) == 2 and first.tag == "Gather":
        short = "2" if first.get("input") == "dtmf" else "1"
        assert (first.get("timeout"), first.get("actionOnEmptyResult")) == (short, None)
        assert first.get("action") == root[1].get("action")


def test_keys_that_cut_have_their_time_between_keys() -> None:
    """Keys that cut words short are collected with the time between keys that was asked for."""
    listen = Listen(timeout=7, speech_barge_in=False, inter_digit_timeout=4, num_digits=4, finish_on_key="*")
    first = played(listen, *HELLO)[0]
    assert (first.get("timeout"), first.get("numDigits"), first.get("finishOnKey")) == ("4", "4", "*")


def test_tones_are_played() -> None:
    """Key tones are a <Play> of digits without an address."""
    play = played(Listen(timeout=7), Tones(digits="1w2")).find("Gather/Play")
    assert play is not None
    assert (play.get("digits"), play.text) == ("1w2", None)
