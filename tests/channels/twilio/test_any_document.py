"""Any document at all, rendered: it parses, and says only what the carrier's own library could say."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import get_args
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.twiml import TwiML, lower_camel, voice_response

from channels.simulator.twiml import read
from channels.twilio.integration import CallStyle
from channels.twilio.twiml import EMPTY, failure, render, spoken
from orchestrator.core.effects import (
    Continue,
    Dial,
    Document,
    Ending,
    HangUpCall,
    Listen,
    Play,
    Say,
    Silence,
    Tones,
    Verb,
)
from orchestrator.core.markup import as_speech
from orchestrator.core.ssml import MARKS, as_ssml

PUBLIC = "https://voice.example.com/tandem"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
words = st.text(max_size=40)
marked = st.recursive(
    words, lambda inner: st.builds("<{0}>{1}</{0}>".format, st.sampled_from(sorted(MARKS)), inner)
)
says = st.builds(
    lambda source, voice, language: Say(
        text=as_speech(source) or "x", ssml=as_ssml(source), voice=voice, language=language
    ),
    marked,
    st.sampled_from(["", "man", "Polly.Amy", "Polly.Amy-Neural", "Google.x"]),
    st.sampled_from(["", "de-DE"]),
)
verbs = st.lists(
    says
    | st.builds(Play, url=st.just("https://x.example/a.mp3?b=1&c=2"), loop=st.integers(0, 3))
    | st.builds(Silence, seconds=st.integers(0, 90))
    | st.builds(Tones, digits=st.text("0123456789*#wW", min_size=1, max_size=9)),
    max_size=4,
).map(tuple)
times = st.floats(0, 600)
listens = st.builds(
    Listen,
    timeout=times,
    speech=st.booleans(),
    keys=st.booleans(),
    num_digits=st.integers(0, 100),
    finish_on_key=st.sampled_from([None, "", "#", "5"]),
    inter_digit_timeout=times,
    language=st.sampled_from(["", "de-DE"]),
    hints=words,
    speech_model=st.sampled_from(["", "phone_call"]),
    speech_timeout=times,
    max_speech_time=times,
    profanity_filter=st.booleans(),
    speech_barge_in=st.booleans(),
    key_barge_in=st.booleans(),
)
dials = st.builds(
    Dial,
    to=st.sampled_from(["+19585550999", "sip:a@b.example", "sips:a@b.example?x=1"]),
    timeout=times,
    caller_id=st.sampled_from(["", "+19585550123"]),
    whisper=words,
    number=st.sampled_from(["", "+19585550123"]),
    refer=st.booleans(),
    headers=st.dictionaries(st.text("abc", min_size=1, max_size=3), words, max_size=2),
)
documents = st.builds(
    Document,
    call_sid=st.text("CA01", min_size=1, max_size=9),
    number=st.integers(0, 999),
    ending=listens | dials | st.builds(Continue, round=st.integers(0, 99)) | st.just(HangUpCall()),
    verbs=verbs,
    turn_id=words,
    beside=st.booleans(),
)
styles = st.builds(
    CallStyle,
    public_url=st.sampled_from([PUBLIC, f"{PUBLIC}/"]),
    language=st.sampled_from(["", "en-US"]),
    voice=st.sampled_from(["", "Polly.Joanna-Generative", "en-US-Journey-O", "UgBBYS2sOqTuMpoF3BR0"]),
    engine=st.sampled_from(["gather", "relay"]),
    assistant=st.sampled_from(["support", "front desk/2"]),
    partial_results=st.booleans(),
    failure_message=words,
    failure_transfer_to=st.sampled_from(["", "+19585550999", "sip:a@b.example"]),
)

OWNERS: dict[str, type[TwiML]] = {
    "Response": voice_response.VoiceResponse,
    "Gather": voice_response.Gather,
    "Dial": voice_response.Dial,
    "Refer": voice_response.Refer,
    "Connect": voice_response.Connect,
    "Say": voice_response.Say,
    **dict.fromkeys(MARKS, voice_response.SsmlProsody),
}
"""Whose builder methods make the elements that stand in an element."""


def builder(parent: str, name: str) -> set[str]:
    """The attributes that the library's builder of an element in another knows. Fails for an unknown one."""
    spelt_apart = {"break": "break_", "say-as": "say_as", "ConversationRelay": "conversation_relay"}
    method = spelt_apart.get(name, name.lower())
    owner = voice_response.Say if name in MARKS else OWNERS[parent]
    known = inspect.signature(getattr(owner, method)).parameters
    spelt = {TwiML.MAP.get(field, field) for field in known}
    return {XML_LANG if name == "xml:lang" else lower_camel(name) for name in spelt} - {"self", "kwargs"}


def elements(root: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    """Every element with the one that it stands in."""
    for parent in root.iter():
        for child in parent:
            yield parent, child


def addresses(root: ET.Element) -> Iterator[str]:
    """Every address that the carrier is told to request."""
    for element in root.iter():
        yield from (
            element.get(name, "") for name in ("action", "url", "partialResultCallback") if element.get(name)
        )
        if element.tag == "Redirect":
            yield element.text or ""


def check(text: str) -> None:
    """What holds for every document."""
    root = ET.fromstring(text)  # noqa: S314 - our own document
    assert root.tag == "Response"
    for parent, child in elements(root):
        assert set(child.keys()) <= builder(parent.tag, child.tag), (parent.tag, child.tag, child.keys())
    sockets = {noun.get("url") for noun in root.iter("ConversationRelay")}
    for url in addresses(root):
        parts = urlsplit(url)
        scheme = "wss" if url in sockets else "https"
        assert (parts.scheme, parts.netloc) == (scheme, "voice.example.com"), url
        assert parts.path.startswith("/tandem/twilio/voice/"), url
    read(text, "https://voice.example.com/tandem/twilio/voice")


@settings(max_examples=300)
@given(documents, styles)
def test_any_document(document: Document, style: CallStyle) -> None:
    """It parses; its verbs, nesting and attributes are the library's; its addresses are absolute and ours;
    and a carrier that refuses what Twilio would ignore takes it.
    """
    check(render(document, style))


@given(styles, words)
def test_documents_for_when_there_is_none(style: CallStyle, said: str) -> None:
    """Failure, the words for a human, and the answer to a text hold to the same."""
    check(failure(style, caller_id="+19585550123"))
    check(spoken(said, style))
    check(EMPTY)


def test_every_kind_of_document_is_tried() -> None:
    """The documents of these tests cover the unions, so that a new verb or ending is tried as well."""
    assert set(get_args(Verb)) == {Say, Play, Silence, Tones}
    assert set(get_args(Ending)) == {Listen, Dial, Continue, HangUpCall}
