"""Documents as TwiML: pure, the same bytes for the same document. Listening is in `gather.py`."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import assert_never

from twilio.twiml.voice_response import Gather, VoiceResponse

from channels.twilio import urls
from channels.twilio.dialling import dialling
from channels.twilio.gather import gather, interruptible, patience
from channels.twilio.integration import CallStyle
from channels.twilio.relay.connect import connect_again
from channels.twilio.speech import clean
from channels.twilio.ssml import say
from orchestrator.core.effects import (
    Continue,
    Dial,
    Document,
    HangUpCall,
    Listen,
    Play,
    Say,
    Silence,
    Tones,
    Verb,
)

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'
"""The answer to a message: answers to texts leave by the API, never on the request."""


def render(document: Document, style: CallStyle) -> str:
    """The document as the carrier plays it. Where a socket carries the call, what does not end the call
    hands it to the socket, which says the words.
    """
    if style.engine == "relay" and isinstance(document.ending, Listen | Continue):
        return connect_again(style, document)
    response = VoiceResponse()
    ending = document.ending
    match ending:
        case Listen():
            _listen(response, document, ending, style)
        case Continue():
            _speak(response, document.verbs, style)
            _redirect(response, urls.resume(style.public_url, document, ending.round))
        case HangUpCall():
            _speak(response, document.verbs, style)
            response.hangup()
        case Dial():
            _speak(response, document.verbs, style)
            dialling(response, ending, style, action=urls.transfer(style.public_url, document))
        case _:
            assert_never(ending)
    return str(response)


def failure(style: CallStyle, caller_id: str = "") -> str:
    """What the caller hears where no document can be had: the message, then a human or the end."""
    response = VoiceResponse()
    _speak(response, (Say(text=style.failure_message),), style)
    if style.failure_transfer_to:
        human = Dial(to=style.failure_transfer_to, caller_id=caller_id)
        dialling(response, human, style, action=None)
    response.hangup()
    return str(response)


def spoken(words: str, style: CallStyle) -> str:
    """Words and nothing else, for whoever the carrier connects next."""
    response = VoiceResponse()
    _speak(response, (Say(text=words),) if words else (), style)
    return str(response)


def _listen(response: VoiceResponse, document: Document, listen: Listen, style: CallStyle) -> None:
    """Words that the caller may not cut short stand before the <Gather>, those that only speech or only
    keys may cut in one of their own. The redirect behind is for a carrier that goes on without a result:
    a call never falls off the end of a document. A call that takes no input waits for the next document.
    """
    if listen.speech or listen.keys:
        _floor(response, document, listen, style)
    else:
        _speak(response, document.verbs, style)
        response.pause(length=max(1, ceil(listen.timeout)))
    _redirect(response, urls.resume(style.public_url, document, 1))


def _floor(response: VoiceResponse, document: Document, listen: Listen, style: CallStyle) -> None:
    floor, before = gather(document, listen, style), interruptible(document, listen, style)
    cut = (listen.speech and listen.speech_barge_in) or (listen.keys and listen.key_barge_in)
    _speak(before or (floor if cut else response), document.verbs, style)
    if before is not None and document.verbs:
        response.append(before)
    if patience(listen):
        floor.pause(length=patience(listen))
    response.append(floor)


def _speak(place: VoiceResponse | Gather, verbs: Iterable[Verb], style: CallStyle) -> None:
    for verb in verbs:
        match verb:
            case Say():
                say(place, verb, style)
            case Play():
                place.play(clean(verb.url), loop=verb.loop if verb.loop != 1 else None)
            case Silence():
                place.pause(length=max(1, verb.seconds))
            case Tones():
                place.play(digits=verb.digits)
            case _:
                assert_never(verb)


def _redirect(response: VoiceResponse, url: str) -> None:
    response.redirect(url, method="POST")
