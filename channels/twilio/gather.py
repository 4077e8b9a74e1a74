"""`Listen` as <Gather>: the caller's floor, by speech and keys."""

from __future__ import annotations

from math import ceil

from twilio.twiml.voice_response import Gather

from channels.twilio import urls
from channels.twilio.integration import CallStyle
from channels.twilio.speech import clean
from orchestrator.core.effects import Document, Listen

MODEL_PAUSE = 2
"""Seconds of quiet that end speech where a model is named: the carrier then asks for a whole number in
place of `speechTimeout="auto"` (Twilio, <Gather>)."""
KEY_PAUSE = 2
"""Seconds between keys that cut words short which speech may not cut, where the assistant says nothing."""


def gather(document: Document, listen: Listen, style: CallStyle) -> Gather:
    """The empty <Gather> of a document; its verbs go inside, where the caller may cut them short.

    An empty result is reported as well (`actionOnEmptyResult`), so that silence is a turn.
    """
    speech = _speech(document, listen, style) if listen.speech else {}
    return Gather(
        input=_input(speech=listen.speech, keys=listen.keys),
        action=urls.turn(style.public_url, document),
        method="POST",
        timeout=_whole(listen.inter_digit_timeout or listen.timeout),
        action_on_empty_result=True,
        num_digits=listen.num_digits or None,
        finish_on_key=listen.finish_on_key,
        **speech,
    )


def patience(listen: Listen) -> int:
    """Seconds of silence to play at the end of a <Gather>'s verbs: its one time-out counts from there to
    the first input, and from each key to the next one. The wait for the first is the longer of the two.
    """
    if not listen.inter_digit_timeout:
        return 0
    return max(0, _whole(listen.timeout) - _whole(listen.inter_digit_timeout))


def interruptible(document: Document, listen: Listen, style: CallStyle) -> Gather | None:
    """A <Gather> to speak in that takes only what may cut the words short; None where either may, or
    neither. It ends without a request, and the floor follows: the time-out is short, since what it does
    not take is not heard until then, and long enough for the next key.
    """
    speech = listen.speech and listen.speech_barge_in
    keys = listen.keys and listen.key_barge_in
    if not (speech or keys) or (speech, keys) == (listen.speech, listen.keys):
        return None
    return Gather(
        input=_input(speech=speech, keys=keys),
        action=urls.turn(style.public_url, document),
        method="POST",
        timeout=_whole(listen.inter_digit_timeout or KEY_PAUSE) if keys else 1,
        num_digits=listen.num_digits or None,
        finish_on_key=listen.finish_on_key,
        **(_speech(document, listen, style) if speech else {}),
    )


def _input(*, speech: bool, keys: bool) -> str:
    return " ".join(name for name, wanted in (("dtmf", keys), ("speech", speech)) if wanted)


def _speech(document: Document, listen: Listen, style: CallStyle) -> dict[str, object]:
    """The attributes that are about recognition; what is not set is the carrier's default."""
    pause = _whole(listen.speech_timeout) if listen.speech_timeout else None
    attributes: dict[str, object] = {
        "language": listen.language or style.language or None,
        "speech_timeout": pause or (MODEL_PAUSE if listen.speech_model else "auto"),
        "speech_model": clean(listen.speech_model) or None,
        "hints": clean(listen.hints) or None,
        "max_speech_time": _whole(listen.max_speech_time) if listen.max_speech_time else None,
        "profanity_filter": None if listen.profanity_filter else False,
    }
    if style.partial_results:
        attributes |= {
            "partial_result_callback": urls.partial(style.public_url, document),
            "partial_result_callback_method": "POST",
        }
    return attributes


def _whole(seconds: float) -> int:
    """Seconds as the carrier takes them: whole, at least one."""
    return max(1, ceil(seconds))
