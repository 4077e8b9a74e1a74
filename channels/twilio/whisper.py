"""What a human hears before a caller is connected: the words that the address of the request carries.

The carrier signs the address with its query, so that nobody else can make our voice say anything. In the
query the words are base64url: no log of addresses shows them at a glance.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from channels.twilio import urls
from channels.twilio.edge import Endpoint, arrive, refuse
from channels.twilio.integration import Directory
from channels.twilio.twiml import spoken
from channels.twilio.voice import xml
from channels.twilio.webhooks import Refused, check_whisper


def whispering(directory: Directory) -> Endpoint:
    """The endpoint."""
    path = urls.VOICE_WHISPER

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_whisper(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        return xml(spoken(urls.whispered(webhook.query), webhook.integration.style))

    return endpoint
