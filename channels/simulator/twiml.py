"""TwiML: reading a document and checking it against the tables of verbs and attributes.

Stricter than Twilio on purpose: Twilio ignores an attribute that it does not know, which hides a
misspelt one; here it is an error like an unknown verb. Sources: the TwiML reference of each verb.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

from channels.simulator.errors import DocumentError

_ANY = r"(?s).*"
_URL = r"\S+"
_BOOL = r"true|false"
_METHOD = r"GET|POST"
_COUNT = r"[0-9]+"
_SECONDS = r"[0-9]+"
_SAY = {"voice": _ANY, "language": _ANY, "loop": _COUNT}
_CALLBACK = {"statusCallback": _URL, "statusCallbackEvent": _ANY, "statusCallbackMethod": _METHOD}
_TARGET = {"url": _URL, "method": _METHOD, **_CALLBACK}

VOICE: Mapping[str, Mapping[str, str]] = {
    "Say": _SAY,
    "Play": {"loop": _COUNT, "digits": r"[0-9*#wW]+"},
    "Pause": {"length": _SECONDS},
    "Gather": {
        "action": _URL,
        "method": _METHOD,
        "input": r"dtmf|speech|dtmf speech|speech dtmf",
        "timeout": rf"{_SECONDS}|auto",
        "speechTimeout": rf"{_SECONDS}|auto",
        "maxSpeechTime": _SECONDS,
        "numDigits": r"[1-9][0-9]*",
        "finishOnKey": r"[0-9*#]?",
        "actionOnEmptyResult": _BOOL,
        "language": _ANY,
        "hints": _ANY,
        "profanityFilter": _BOOL,
        "partialResultCallback": _URL,
        "partialResultCallbackMethod": _METHOD,
        "speechModel": _ANY,
        "enhanced": _BOOL,
        "bargeIn": _BOOL,
        "debug": _BOOL,
    },
    "Redirect": {"method": _METHOD},
    "Hangup": {},
    "Reject": {"reason": r"rejected|busy"},
    "Dial": {
        "action": _URL,
        "method": _METHOD,
        "answerOnBridge": _BOOL,
        "callerId": _ANY,
        "callReason": r".{0,50}",
        "hangupOnStar": _BOOL,
        "record": _ANY,
        "recordingStatusCallback": _URL,
        "recordingStatusCallbackMethod": _METHOD,
        "recordingStatusCallbackEvent": _ANY,
        "recordingTrack": _ANY,
        "referUrl": _URL,
        "referMethod": _METHOD,
        "ringTone": _ANY,
        "sequential": _BOOL,
        "timeLimit": _SECONDS,
        "timeout": _SECONDS,
        "trim": _ANY,
    },
    "Refer": {"action": _URL, "method": _METHOD},
    "Connect": {"action": _URL, "method": _METHOD},
}
MESSAGING: Mapping[str, Mapping[str, str]] = {
    "Message": {"to": _ANY, "from": _ANY, "action": _URL, "method": _METHOD, "statusCallback": _URL},
    "Redirect": {"method": _METHOD},
}
NOT_PLAYED = frozenset(
    {"Enqueue", "Leave", "Record", "Sms", "Start", "Stop", "Pay", "Prompt", "Siprec", "Echo"}
)
"""Verbs of Twilio's that the simulator does not play: reported as such, not as mistakes."""
_RELAY_NOUNS = frozenset(
    {
        "ConversationRelay",
        "ConversationRelaySession",
        "Stream",
        "Conversation",
        "AiSession",
        "VirtualAgent",
        "Room",
    }
)
_SPEECH_MARKS = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
NESTED: Mapping[str, frozenset[str]] = {
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Sip", "Client", "Conference", "Queue"}),
    "Refer": frozenset({"Sip", "ReferSip"}),
    "Connect": _RELAY_NOUNS,
    "Message": frozenset({"Body", "Media"}),
    "Say": _SPEECH_MARKS,
}
_CUTS = r"none|dtmf|speech|any|true|false"
_RELAY: Mapping[str, str] = {
    "url": r"wss?://\S+",
    "welcomeGreeting": _ANY,
    "welcomeGreetingInterruptible": _CUTS,
    "language": _ANY,
    "ttsLanguage": _ANY,
    "transcriptionLanguage": _ANY,
    "ttsProvider": r"Google|Amazon|ElevenLabs",
    "voice": _ANY,
    "transcriptionProvider": r"Google|Deepgram",
    "speechModel": _ANY,
    "speechTimeout": rf"auto|{_COUNT}",
    "profanityFilter": _BOOL,
    "interruptible": _CUTS,
    "interruptSensitivity": r"low|medium|high",
    "dtmfDetection": _BOOL,
    "reportInputDuringAgentSpeech": r"none|dtmf|speech|any",
    "preemptible": _BOOL,
    "partialPrompts": _BOOL,
    "hints": _ANY,
    "debug": _ANY,
    "applicationReconnect": _BOOL,
}
_NOUNS: Mapping[str, Mapping[str, str]] = {
    "Number": {**_TARGET, "sendDigits": _ANY, "byoc": _ANY},
    "Sip": {**_TARGET, "username": _ANY, "password": _ANY},
    "Client": _TARGET,
    "ConversationRelay": _RELAY,
    "Body": {},
    "Media": {},
}
_WITH_TEXT = frozenset(
    {"Say", "Play", "Redirect", "Dial", "Message", "Number", "Sip", "Client", "Body", "Media"}
)
_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document. `url` is where it came from, empty for TwiML given inline."""

    verbs: tuple[ET.Element, ...]
    url: str

    def resolve(self, address: str) -> str:
        """The absolute form of an address in this document: `DocumentError` 15004 or 11100 if it has none."""
        absolute = _joined(self.url, address.strip())
        if is_web_address(absolute):
            return absolute
        if not self.url:
            raise DocumentError(15004, "a relative address in inline TwiML")
        raise DocumentError(11100, "not a valid URL", self.url)


def is_web_address(address: str) -> bool:
    """Whether it is an absolute http or https URL."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a host that begins as an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def check_content_type(content_type: str) -> None:
    """`DocumentError` 12300 unless the answer says that it is XML."""
    given = content_type.partition(";")[0].strip().lower()
    if given not in _XML_TYPES:
        raise DocumentError(12300, f"content type {given or 'missing'} is not XML")


def read(text: str, url: str, table: Mapping[str, Mapping[str, str]] = VOICE) -> Document:
    """A document out of XML, or `DocumentError` 12100 (no XML), 12200 (against the tables)."""
    root = _parse(text)
    if root.tag != "Response":
        raise DocumentError(12100, "the root element is not Response")
    _no_text(root)
    for verb in root:
        if verb.tag in NOT_PLAYED and table is VOICE:
            raise DocumentError(12200, f"<{verb.tag}> is not played by the simulator")
        if verb.tag not in table:
            raise DocumentError(12200, f"unknown verb <{verb.tag}>")
        _check(verb, table[verb.tag])
    return Document(tuple(root), url)


def _parse(text: str) -> ET.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DocumentError(12100, "a document type declaration is not TwiML")
    try:
        return ET.fromstring(text.strip())  # noqa: S314 - what could expand needs a DTD, refused above
    except ET.ParseError as error:
        raise DocumentError(12100, f"not XML: {error}") from error


def _check(element: ET.Element, attributes: Mapping[str, str]) -> None:
    for name, value in element.attrib.items():
        if name not in attributes:
            raise DocumentError(12200, f"unknown attribute {name} of <{element.tag}>")
        if not re.fullmatch(attributes[name], value):
            raise DocumentError(12200, f"attribute {name} of <{element.tag}> is not {attributes[name]}")
    if element.tag not in _WITH_TEXT:
        _no_text(element)
    for child in element:
        _check_nested(element, child)


def _check_nested(element: ET.Element, child: ET.Element) -> None:
    if child.tag not in NESTED.get(element.tag, frozenset()):
        raise DocumentError(12200, f"<{child.tag}> is not allowed in <{element.tag}>")
    table = VOICE if element.tag == "Gather" else _NOUNS
    if child.tag in table:
        _check(child, table[child.tag])


def _no_text(element: ET.Element) -> None:
    stray = (element.text or "") + "".join(child.tail or "" for child in element)
    if stray.strip():
        raise DocumentError(12200, f"text directly inside <{element.tag}>")
