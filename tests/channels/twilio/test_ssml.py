"""Words with speech markup, for voices that understand it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from channels.twilio.integration import CallStyle
from channels.twilio.speech import MAX_BASIC, MAX_CHARS, MAX_ENCODED, limit, pieces
from channels.twilio.twiml import render
from orchestrator.core.effects import Document, HangUpCall, Say

MARKED = 'One <break time="1s"></break> two <emphasis level="strong">three <w role="ivona:NN">x</w></emphasis> four'
PLAIN = "One two three x four"


def said(verb: Say, voice: str, language: str = "") -> list[ET.Element]:
    """The <Say>s of a document in this voice."""
    style = CallStyle(public_url="https://voice.example.com", voice=voice, language=language)
    document = Document(call_sid="CA1", number=1, ending=HangUpCall(), verbs=(verb,))
    return ET.fromstring(render(document, style)).findall("Say")  # noqa: S314 - our own document


def inside(element: ET.Element) -> str:
    """What stands in an element, as text."""
    return ET.tostring(element, encoding="unicode").partition(">")[2].rpartition("<")[0]


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ("", PLAIN),
        ("man", PLAIN),
        (
            "Polly.Joanna",
            'One <break time="1s" /> two <emphasis level="strong">three <w role="ivona:NN">x</w></emphasis> four',
        ),
        ("Polly.Joanna-Neural", 'One <break time="1s" /> two three <w role="ivona:NN">x</w> four'),
        ("Polly.Joanna-Generative", 'One <break time="1s" /> two three <w role="ivona:NN">x</w> four'),
        (
            "Google.en-US-Standard-C",
            'One <break time="1s" /> two <emphasis level="strong">three <w role="ivona:NN">x</w></emphasis> four',
        ),
    ],
)
def test_a_voice_gets_what_it_understands(voice: str, expected: str) -> None:
    """Basic voices, and an unknown default, get plain words; others the elements that they know."""
    (verb,) = said(Say(text=PLAIN, ssml=MARKED), voice)
    assert inside(verb) == expected


def test_attributes_keep_their_names() -> None:
    """Names with a hyphen or a prefix arrive as they are."""
    ssml = '<say-as interpret-as="date" format="mdy">1/2/2026</say-as> <lang xml:lang="de-DE">Amt</lang>'
    (verb,) = said(Say(text="x", ssml=ssml), "Polly.Joanna")
    assert (
        inside(verb)
        == '<say-as format="mdy" interpret-as="date">1/2/2026</say-as> <lang xml:lang="de-DE">Amt</lang>'
    )


def test_markup_that_is_too_long_is_said_plainly() -> None:
    """A piece with markup is not cut: over the voice's limit the plain words are said, in pieces."""
    words = "A sentence of some words. " * 200
    found = said(Say(text=words.strip(), ssml=f"<p>{words}</p>"), "Polly.Joanna")
    assert len(found) > 1
    assert all(len(verb) == 0 for verb in found)


def test_broken_markup_is_said_plainly() -> None:
    """Markup that does not parse costs nobody the words."""
    (verb,) = said(Say(text="Plain", ssml="<p>Broken"), "Polly.Joanna")
    assert inside(verb) == "Plain"


def test_a_voice_and_language_of_its_own() -> None:
    """Words may name their voice; a language alone leaves the configured voice, which may not speak it."""
    own = said(Say(text="Hallo", voice="Polly.Vicki", language="de-DE"), "Polly.Joanna", "en-US")[0]
    assert dict(own.items()) == {"voice": "Polly.Vicki", "language": "de-DE"}
    foreign = said(Say(text="Hallo", language="de-DE"), "Polly.Joanna", "en-US")[0]
    assert dict(foreign.items()) == {"language": "de-DE"}
    same = said(Say(text="Hello", language="en-US"), "Polly.Joanna", "en-US")[0]
    assert dict(same.items()) == {"voice": "Polly.Joanna", "language": "en-US"}


@pytest.mark.parametrize(
    ("voice", "most"), [("", MAX_CHARS), ("alice", MAX_BASIC), ("Polly.Amy", MAX_CHARS), ("Google.x", 5000)]
)
def test_the_limit_is_the_voices(voice: str, most: int) -> None:
    """A long text is cut at the limit of its voice, or of its address-encoded form."""
    assert limit(voice) == most
    assert next(len(piece) for piece in pieces("x" * 9000, voice)) == min(most, MAX_ENCODED)
