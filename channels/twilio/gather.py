"""`Listen` as <Gather>: the caller's floor, by speech and keys."""

from __future__ import annotations

from math import ceil

from twilio.twiml.voice_response import Gather

from channels.twilio import urls
from channels.twilio.integration import CallStyle
from orchestrator.core.effects import Document, Listen


def gather(document: Document, listen: Listen, style: CallStyle) -> Gather:
    """The empty <Gather> of a document; its verbs go inside, where the caller may cut them short.

    An empty result is reported as well (`actionOnEmptyResult`), so that silence is a turn. No speech
    model is named: with one, the carrier asks for a whole number in place of `speechTimeout="auto"`.
    """
    speech = not listen.keys_only
    return Gather(
        input="dtmf speech" if speech else "dtmf",
        action=urls.turn(style.public_url, document),
        method="POST",
        timeout=max(1, ceil(listen.timeout)),  # whole seconds; starts when the verbs inside end
        speech_timeout="auto" if speech else None,
        action_on_empty_result=True,
        language=style.language or None if speech else None,
        num_digits=listen.num_digits or None,
        finish_on_key=listen.finish_on_key,
    )
