"""Every path that Twilio calls for calls by <Gather> and for messages, in reading order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from starlette.routing import Route

from channels.twilio import messages, urls, voice
from channels.twilio.integration import Directory, Integration
from channels.twilio.whisper import whispering
from orchestrator.ports import Handle


def routes(
    handle: Handle, integrations: Sequence[Integration], *, now: Callable[[], float] = time.time
) -> list[Route]:
    """The channel's routes. `now` gives Unix seconds: when an event was taken."""
    directory = Directory(integrations)

    def answer(path: str, read: voice.Read) -> Route:
        return Route(path, voice.answering(path, read, handle, directory, now), methods=["POST"])

    def take(path: str) -> Route:
        return Route(path, messages.taking(path, handle, directory, now), methods=["POST"])

    return [
        answer(urls.VOICE, voice.read_start),
        answer(urls.VOICE_TURN, voice.read_turn),
        answer(urls.VOICE_RESUME, voice.read_resume),
        answer(urls.VOICE_TRANSFER, voice.read_transfer),
        answer(urls.VOICE_FALLBACK, voice.read_fallback),
        Route(urls.VOICE_PARTIAL, voice.overhearing(handle, directory), methods=["POST"]),
        Route(urls.VOICE_STATUS, voice.informing(handle, directory, now), methods=["POST"]),
        Route(urls.VOICE_WHISPER, whispering(directory), methods=["POST"]),
        take(urls.SMS),
        take(urls.SMS_FALLBACK),
        Route(urls.SMS_STATUS, messages.informing(handle, directory), methods=["POST"]),
    ]
