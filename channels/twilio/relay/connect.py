"""The document that hands a call to its socket."""

from __future__ import annotations

from twilio.twiml.voice_response import Connect, VoiceResponse

from channels.twilio import urls
from channels.twilio.integration import CallStyle


def connect(style: CallStyle) -> str:
    """`<Connect><ConversationRelay>`. When the socket is gone, for whatever reason, the carrier asks the
    action how the call goes on; `applicationReconnect` lets it try the socket again before that.
    """
    verb = Connect(action=urls.absolute(style.public_url, urls.VOICE_RELAY_ACTION), method="POST")
    verb.conversation_relay(
        url=urls.relay(style.public_url, style.assistant),
        dtmf_detection=True,
        language=style.language or None,
        voice=style.voice or None,
        application_reconnect=True,
    )
    response = VoiceResponse()
    response.append(verb)
    return str(response)
