"""Words for a TwiML document: only characters that XML can carry, in pieces that the carrier says whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

MAX_CHARS = 3000
"""Characters of one <Say> with Polly voices, and with the account's default, which may be one of them
(Twilio, error 13521)."""
MAX_BASIC, MAX_GOOGLE = 4096, 5000
"""The same with the basic voices, and with Google's (Twilio, error 13521)."""
MAX_ENCODED = 4500
"""Bytes of one <Say>, URL-encoded (Twilio, error 13521)."""
_BASIC = frozenset({"man", "woman", "alice"})

# Everything outside the production Char of XML 1.0, 2.2: controls, surrogates, U+FFFE and U+FFFF.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f]+[\"')\u201d\u2019]*(?:\s+|(?<=[\u3002\uff01\uff1f]))"
)


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def limit(voice: str) -> int:
    """How many characters a voice says at once."""
    if voice.startswith("Google."):
        return MAX_GOOGLE
    return MAX_BASIC if voice in _BASIC else MAX_CHARS


def pieces(text: str, voice: str = "") -> Iterator[str]:
    """The words in pieces within the limits, whole and in order: cut after a sentence, else a word,
    else where the limit is.
    """
    rest = clean(text).strip()
    while rest:
        room = _room(rest, limit(voice))
        cut = room if room == len(rest) else _cut(rest, room)
        yield rest[:cut].strip()
        rest = rest[cut:].strip()


def _room(text: str, most: int) -> int:
    """How many characters of the text fit into one piece."""
    if len(text) <= most and len(quote(text, safe="")) <= MAX_ENCODED:
        return len(text)
    used = 0
    for count, character in enumerate(text[:most]):
        used += len(quote(character, safe=""))
        if used > MAX_ENCODED:
            return count
    return min(len(text), most)


def _cut(text: str, room: int) -> int:
    """The last good place to cut before `room`."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, room)]
    space = max(text.rfind(blank, 0, room) for blank in " \n\t")
    return next((place for place in (ends[-1] if ends else 0, space) if place > 0), room)
