"""Words as <Say>: with their speech markup where the voice understands it, else plain, in pieces."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree as ET

from twilio.twiml import GenericNode
from twilio.twiml.voice_response import Gather, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from channels.twilio.integration import CallStyle
from channels.twilio.speech import MAX_ENCODED, clean, limit, pieces
from orchestrator.core.effects import Say
from orchestrator.core.ssml import MARKS

# Amazon Polly, "Supported SSML tags": no neural or generative voice knows `emphasis`, and generative
# ones know `phoneme` and `prosody` only in part. An unknown tag fails the whole <Say>.
_NOT_NEURAL = frozenset({"emphasis"})
_NOT_GENERATIVE = frozenset({"emphasis", "phoneme", "prosody"})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def marks_of(voice: str) -> frozenset[str]:
    """The elements that a voice understands: those of Amazon Polly and Google; basic voices none.

    An empty voice is the account's default, of which nothing is known.
    """
    if voice.startswith("Google."):
        return frozenset(MARKS)
    if not voice.startswith("Polly."):
        return frozenset()
    missing = (
        _NOT_GENERATIVE
        if voice.endswith("-Generative")
        else _NOT_NEURAL
        if voice.endswith("-Neural")
        else frozenset()
    )
    return frozenset(MARKS) - missing


def say(place: VoiceResponse | Gather, verb: Say, style: CallStyle) -> None:
    """Add the words to a document. A language of its own leaves the configured voice, which may not speak it."""
    language = verb.language or style.language
    voice = verb.voice or (style.voice if language == style.language else "")
    named = {"voice": clean(voice) or None, "language": clean(language) or None}
    marked = _marked(verb.ssml, marks_of(voice), named)
    if marked is not None and _fits(verb.ssml, voice):
        place.append(marked)
        return
    for words in pieces(verb.text, voice):
        place.say(words, **named)


def _fits(ssml: str, voice: str) -> bool:
    return len(ssml) <= limit(voice) and len(quote(ssml, safe="")) <= MAX_ENCODED


def _marked(ssml: str, marks: frozenset[str], named: dict[str, str | None]) -> SayVerb | None:
    """The words as one <Say> with what the voice understands of their markup; None where there is none."""
    if not ssml or not marks:
        return None
    try:
        root = ET.fromstring(f"<speak>{clean(ssml)}</speak>")  # noqa: S314 - the core's own fragment
    except ET.ParseError:
        return None
    verb = SayVerb(**named)
    _fill(verb, root, marks)
    return verb


def _fill(verb: SayVerb | GenericNode, element: ET.Element, marks: frozenset[str]) -> None:
    for piece in _inside(element, marks):
        if isinstance(piece, str):
            verb.append(piece)
            continue
        names = {("xml:lang" if name == _XML_LANG else name): value for name, value in piece.items()}
        child = GenericNode(piece.tag, None)
        child.attrs = names  # set past the builder, which would respell `interpret-as`
        _fill(child, piece, marks)
        verb.append(child)


def _inside(element: ET.Element, marks: frozenset[str]) -> list[str | ET.Element]:
    """Words and elements in order, the words between two elements in one piece; an element that the voice
    does not understand gives its inside.
    """
    out: list[str | ET.Element] = []
    _add(out, element.text)
    for child in element:
        if child.tag in marks:
            out.append(child)
        else:
            for piece in _inside(child, marks):
                _add(out, piece) if isinstance(piece, str) else out.append(piece)
        _add(out, child.tail)
    return out


def _add(out: list[str | ET.Element], words: str | None) -> None:
    if not words:
        return
    if out and isinstance(out[-1], str):
        out[-1] += words
    else:
        out.append(words)
