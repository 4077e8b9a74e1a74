"""Documents as TwiML: what the carrier's own builders know, and nothing that breaks XML."""

from __future__ import annotations

import inspect
import re
from urllib.parse import parse_qsl, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import lower_camel, voice_response

from channels.twilio.integration import CallStyle
from channels.twilio.speech import MAX_CHARS, MAX_ENCODED, clean, pieces
from channels.twilio.twiml import EMPTY, failure, render
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
    Verb,
)

STYLE = CallStyle(public_url="https://voice.example.com/tandem/")
DRESSED = CallStyle(public_url="https://voice.example.com", language="de-DE", voice="Polly.Vicki-Neural")
HELLO: tuple[Verb, ...] = (Say(text="Hello"),)


def document(ending: Ending, *verbs: Verb, beside: bool = False, turn_id: str = "T1") -> Document:
    """A document of call CA1, number 3."""
    return Document(call_sid="CA1", number=3, ending=ending, verbs=verbs, turn_id=turn_id, beside=beside)


def parsed(text: str) -> ET.Element:
    """The document as the carrier reads it."""
    return ET.fromstring(text)  # noqa: S314 - our own document


def address(url: str | None) -> tuple[str, dict[str, str]]:
    """An address without its query, and the query."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query))


def one(root: ET.Element, path: str) -> ET.Element:
    """The one element at a path."""
    (found,) = root.findall(path)
    return found


def test_listening_gathers_speech_and_keys() -> None:
    """`Listen` is a <Gather> for both, that reports silence too, with the words inside."""
    root = parsed(render(document(Listen(timeout=6.2), *HELLO), STYLE))
    gather = one(root, "Gather")
    expected = {
        "input": "dtmf speech",
        "method": "POST",
        "timeout": "7",
        "speechTimeout": "auto",
        "actionOnEmptyResult": "true",
    }
    assert {name: value for name, value in gather.items() if name != "action"} == expected
    assert address(gather.get("action")) == (
        "https://voice.example.com/tandem/twilio/voice/turn",
        {"call": "CA1", "document": "3", "turn": "T1", "beside": "0"},
    )
    assert gather.findtext("Say") == "Hello"


def test_a_call_never_falls_off_the_end() -> None:
    """Behind a <Gather> stands a redirect to the next document."""
    redirect = parsed(render(document(Listen(timeout=7), beside=True), STYLE))[-1]
    assert redirect.get("method") == "POST"
    assert address(redirect.text) == (
        "https://voice.example.com/tandem/twilio/voice/resume",
        {"call": "CA1", "document": "3", "turn": "T1", "beside": "1", "round": "1"},
    )


def test_keys_only() -> None:
    """Collecting digits asks for keys alone, with their number and end key, and no speech settings."""
    listen = Listen(timeout=5, speech=False, num_digits=4, finish_on_key="")
    gather = one(parsed(render(document(listen), DRESSED)), "Gather")
    assert gather.get("input") == "dtmf"
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("4", "")
    assert gather.get("speechTimeout") is None
    assert gather.get("language") is None


def test_words_that_may_not_be_cut_short_stand_outside() -> None:
    """Without barge-in the words come before the <Gather>, which holds none."""
    root = parsed(
        render(document(Listen(timeout=7, speech_barge_in=False, key_barge_in=False), *HELLO), STYLE)
    )
    assert [verb.tag for verb in root] == ["Say", "Gather", "Redirect"]
    assert len(one(root, "Gather")) == 0


def test_voice_and_language_are_named_only_when_set() -> None:
    """Empty settings leave the carrier's defaults; set ones are named on every <Say> and <Gather>."""
    plain = one(parsed(render(document(HangUpCall(), *HELLO), STYLE)), "Say")
    assert dict(plain.items()) == {}
    gather = one(parsed(render(document(Listen(timeout=7), *HELLO), DRESSED)), "Gather")
    assert gather.get("language") == "de-DE"
    assert dict(one(gather, "Say").items()) == {"voice": "Polly.Vicki-Neural", "language": "de-DE"}


def test_every_verb() -> None:
    """Words, sounds and silence come in their order; a sound plays once unless said, a silence at least 1 s."""
    verbs = (
        Say(text="a"),
        Play(url="https://x/a.mp3?b=1&c=2"),
        Play(url="https://x/h.mp3", loop=0),
        Silence(seconds=0),
        Silence(seconds=3),
        Say(text=" "),
    )
    root = parsed(render(document(Continue(round=2), *verbs), STYLE))
    assert [(verb.tag, verb.text, dict(verb.items())) for verb in root[:-1]] == [
        ("Say", "a", {}),
        ("Play", "https://x/a.mp3?b=1&c=2", {}),
        ("Play", "https://x/h.mp3", {"loop": "0"}),
        ("Pause", None, {"length": "1"}),
        ("Pause", None, {"length": "3"}),
    ]
    assert address(root[-1].text)[1]["round"] == "2"


def test_hanging_up_comes_last() -> None:
    """The last words are said before the call ends."""
    root = parsed(render(document(HangUpCall(), *HELLO), STYLE))
    assert [verb.tag for verb in root] == ["Say", "Hangup"]


def test_a_number_is_dialled() -> None:
    """A transfer rings a number for whole seconds, and its end comes back to us."""
    dial = one(
        parsed(render(document(Dial(to="+19585550999", timeout=20.5, caller_id="+19585550123")), STYLE)),
        "Dial",
    )
    assert (dial.get("timeout"), dial.get("callerId"), dial.get("method")) == ("21", "+19585550123", "POST")
    assert address(dial.get("action"))[0] == "https://voice.example.com/tandem/twilio/voice/transfer"
    assert dial.findtext("Number") == "+19585550999"


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("sip:desk@example.com", "sip:desk@example.com?x-ticket=A%261&X-Team=de%20sk"),
        ("sips:desk@example.com;a=b?p=1", "sips:desk@example.com;a=b?p=1&x-ticket=A%261&X-Team=de%20sk"),
    ],
)
def test_headers_travel_in_a_sip_address(to: str, expected: str) -> None:
    """A SIP transfer carries its headers as `x-` fields of the address."""
    headers = {"ticket": "A&1", "X-Team": "de sk"}
    dial = one(parsed(render(document(Dial(to=to, headers=headers)), STYLE)), "Dial")
    assert dial.findtext("Sip") == expected
    assert dial.get("callerId") is None


def test_the_failure_message_ends_the_call() -> None:
    """Where no document can be had the message is said, and the call goes to a human or ends."""
    assert [verb.tag for verb in parsed(failure(STYLE))] == ["Say", "Hangup"]
    style = CallStyle(public_url="https://x", failure_message="", failure_transfer_to="sip:desk@example.com")
    root = parsed(failure(style))
    assert [verb.tag for verb in root] == ["Dial", "Hangup"]
    assert one(root, "Dial").get("action") is None


def test_the_answer_to_a_text_is_empty() -> None:
    """A text is answered by a response without verbs."""
    assert list(parsed(EMPTY)) == []


@given(st.text())
def test_any_words_make_a_document(text: str) -> None:
    """Any characters, surrogates included, give XML that the carrier reads back without loss of words."""
    root = parsed(render(document(HangUpCall(), Say(text=text)), STYLE))
    said = "".join(verb.text or "" for verb in root.findall("Say"))
    kept = "".join(clean(text).split())
    assert "".join(said.split()) == kept


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_only_what_xml_forbids_is_lost(text: str) -> None:
    """Cleaning takes controls, U+FFFE and U+FFFF, and nothing else."""
    lost = set(text) - set(clean(text))
    assert all(character < " " or character in "\ufffe\uffff" for character in lost)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", clean(text))


@pytest.mark.parametrize(
    "text",
    [
        "A sentence of some words. " * 400,
        "words without an end " * 400,
        "x" * 10_000,
        "\u4f60\u597d\uff0c\u4e16\u754c\u3002" * 700,
        "\U0001f600" * 2000,
        "One. " + "y" * 9000,
    ],
)
def test_long_words_are_said_in_pieces(text: str) -> None:
    """A text over the carrier's limit of one <Say> becomes several, whole and in order."""
    said = list(pieces(text))
    assert len(said) > 1
    assert all(len(piece) <= MAX_CHARS and len(quote(piece)) <= MAX_ENCODED for piece in said)
    assert "".join("".join(said).split()) == "".join(text.split())


def test_a_piece_ends_with_a_sentence_or_a_word() -> None:
    """A long text is cut after a sentence, and inside a sentence between words."""
    assert all(piece.endswith(".") for piece in pieces("A sentence of some words. " * 400))
    assert all(piece.endswith("word") for piece in pieces("word " * 2000))


def builder(name: str) -> set[str]:
    """The attributes that the carrier's library knows for a verb or noun."""
    owner = voice_response.Dial if name in {"Number", "Sip"} else voice_response.VoiceResponse
    known = inspect.signature(getattr(owner, name.lower())).parameters
    return {lower_camel(voice_response.TwiML.MAP.get(field, field)) for field in known} - {"self", "kwargs"}


ENDINGS: list[Ending] = [
    Listen(timeout=7),
    Listen(
        timeout=7, speech=False, num_digits=3, finish_on_key="*", speech_barge_in=False, key_barge_in=False
    ),
    Continue(),
    HangUpCall(),
    Dial(to="+19585550999", caller_id="+19585550123"),
    Dial(to="sip:a@b.example", headers={"a": "b"}),
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("style", [STYLE, DRESSED])
def test_only_known_verbs_and_attributes_are_used(ending: Ending, style: CallStyle) -> None:
    """Every element and attribute is one of the carrier's library: a wrong name is ignored silently by it."""
    verbs = (*HELLO, Play(url="https://x/a.mp3", loop=0), Silence(seconds=2))
    root = parsed(render(document(ending, *verbs), style))
    for element in root.iter():
        if element is not root:
            assert set(element.keys()) <= builder(element.tag), element.tag


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_document_has_the_same_bytes(ending: Ending) -> None:
    """Rendering depends on nothing but the document and the style."""
    assert render(document(ending, *HELLO), STYLE) == render(document(ending, *HELLO), STYLE)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_address_is_absolute(ending: Ending) -> None:
    """Documents hold no relative address: they are refused in live-call updates (error 15004)."""
    root = parsed(render(document(ending), STYLE))
    found = [element.get("action") for element in root.iter() if element.get("action")]
    found += [element.text for element in root.iter("Redirect")]
    assert all((url or "").startswith("https://voice.example.com/tandem/twilio/voice/") for url in found)
