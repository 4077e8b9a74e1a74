"""What a ConversationRelay socket calls voices and recognisers, out of the names that <Say> and <Gather> use.

The carrier ends a call whose provider does not have the named voice or model (Twilio, error 64101), so
that what is not known for certain is left to the account.
"""

from __future__ import annotations

import re

from channels.twilio.speech import clean
from channels.twilio.ssml import marks_of
from orchestrator.core.effects import Say

_GOOGLE = re.compile(r"[a-z]{2,3}-[A-Z]{2}-[\w-]+")  # en-US-Journey-O
_AMAZON = re.compile(r"[A-Z][a-z]+-(?:Neural|Generative|Long-Form|Standard)")  # Joanna-Neural
_BASIC = frozenset({"man", "woman", "alice"})
_MODELS = {"nova": "Deepgram", "telephony": "Google"}
"""Recognition models by how they begin (Twilio, <ConversationRelay> speechModel)."""
_GATHER = re.compile(r"deepgram_(nova-[23])(?:-.+)?|googlev2_(telephony)(?:_.+)?")
PAUSE = 600, 5000
"""Milliseconds of quiet that may end speech (Twilio, <ConversationRelay> speechTimeout)."""


def voice(name: str) -> tuple[str, str]:
    """Provider and voice; empty where the account's default is to speak, or to know the voice."""
    prefix, _, rest = name.partition(".")
    if rest and prefix in {"Google", "Polly"}:
        return ("Google" if prefix == "Google" else "Amazon"), rest
    if _GOOGLE.fullmatch(name) or _AMAZON.fullmatch(name):
        return ("Google" if _GOOGLE.fullmatch(name) else "Amazon"), name
    return "", "" if name in _BASIC else name


def model(name: str) -> tuple[str, str]:
    """Provider and recognition model, also for the names that <Gather> has for the same ones."""
    found = _GATHER.fullmatch(name)
    if found:
        name = f"{found[1]}-general" if found[1] else found[2]
    return next((owner for begin, owner in _MODELS.items() if name.startswith(begin)), ""), name


def pause(seconds: float) -> str:
    """`speechTimeout`: milliseconds within the carrier's bounds; empty leaves it to the recogniser."""
    least, most = PAUSE
    return str(min(most, max(least, round(seconds * 1000)))) if seconds else ""


def words(verb: Say, name: str) -> str:
    """What is sent for the words: with their markup where the socket's voice `name` understands all of it."""
    owner, known = voice(name)
    marks = marks_of(f"{'Polly' if owner == 'Amazon' else owner}.{known}") if owner else frozenset()
    used = set(re.findall(r"<([a-z-]+)", verb.ssml))
    return clean(verb.ssml if used and used <= marks else verb.text)
