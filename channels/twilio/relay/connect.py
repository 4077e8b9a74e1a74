"""The document that hands a call to its socket."""

from __future__ import annotations

from twilio.twiml.voice_response import Connect, VoiceResponse

from channels.twilio import urls
from channels.twilio.integration import CallStyle
from channels.twilio.relay import voices
from channels.twilio.speech import clean
from orchestrator.core.effects import Document, Ending, Listen, Say


def connect(style: CallStyle, ending: Ending | None = None, voice: str = "") -> str:
    """`<Connect><ConversationRelay>`. When the socket is gone, for whatever reason, the carrier asks the
    action how the call goes on; `applicationReconnect` lets it try the socket again before that.

    What is fixed for the life of a socket comes from the floor that the call has now, if it has one, and
    from the configuration; `voice` is the call's own. Languages and barge-in are the socket's to say, but
    that keys alone may not cut in.
    """
    verb = Connect(action=urls.absolute(style.public_url, urls.VOICE_RELAY_ACTION), method="POST")
    listen = ending if isinstance(ending, Listen) else _floor(style)
    speaker, name = voices.voice(voice or style.voice)
    recogniser, model = voices.model(listen.speech_model)
    verb.conversation_relay(
        url=urls.relay(style.public_url, style.assistant),
        dtmf_detection=True,
        report_input_during_agent_speech="dtmf",
        interruptible="speech" if _only_speech_cuts(listen) else None,
        language=style.language or None,
        tts_provider=speaker or None,
        voice=clean(name) or None,
        transcription_provider=recogniser or None,
        speech_model=clean(model) or None,
        hints=clean(listen.hints) or None,
        profanity_filter=None if listen.profanity_filter else False,
        speechTimeout=voices.pause(listen.speech_timeout) or None,
        application_reconnect=True,
    )
    response = VoiceResponse()
    response.append(verb)
    return str(response)


def connect_again(style: CallStyle, document: Document) -> str:
    """The same for a call that has been talked in: as its newest document listens and speaks."""
    voice = next((verb.voice for verb in document.verbs if isinstance(verb, Say) and verb.voice), "")
    return connect(style, document.ending, voice)


def _only_speech_cuts(listen: Listen) -> bool:
    """Whether keys alone may not cut words short: single words of ours can only be marked against both."""
    return listen.speech and listen.speech_barge_in and not (listen.keys and listen.key_barge_in)


def _floor(style: CallStyle) -> Listen:
    return Listen(
        timeout=0.0,
        hints=style.hints,
        speech_model=style.speech_model,
        speech_timeout=style.speech_timeout,
        profanity_filter=style.profanity_filter,
    )
