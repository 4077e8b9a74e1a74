"""`Dial` as <Dial>, which stays in the call, or <Refer>, which hands it over.

<Refer> goes to SIP addresses only, and only for calls that came by SIP: the carrier asks the other side
to call the address itself, so nothing is said to the human first and nobody hears how the call ends.
"""

from __future__ import annotations

from math import ceil
from urllib.parse import quote, urlencode

from twilio.twiml.voice_response import Dial as DialVerb
from twilio.twiml.voice_response import Refer, VoiceResponse

from channels.twilio import urls
from channels.twilio.integration import CallStyle
from channels.twilio.speech import clean
from orchestrator.core.effects import Dial

AS_THEY_ARE = ("x-", "user-to-user")
"""Beginnings of the header names that the carrier passes on; any other gets `x-` in front."""


def dialling(response: VoiceResponse, dial: Dial, style: CallStyle, *, action: str | None) -> None:
    """Add the verb. Headers travel in a SIP address; a number has none."""
    if dial.refer:
        refer = Refer(action=action, method="POST" if action else None)
        refer.sip(_with_headers(clean(dial.to), dial.headers))
        response.append(refer)
        return
    verb = DialVerb(
        action=action,
        method="POST" if action else None,
        timeout=max(1, ceil(dial.timeout)),
        caller_id=clean(dial.caller_id) or None,
    )
    before = urls.whisper(style.public_url, dial.number, clean(dial.whisper)) if dial.whisper else None
    if dial.to.startswith(("sip:", "sips:")):
        verb.sip(_with_headers(clean(dial.to), dial.headers), url=before, method="POST" if before else None)
    else:
        verb.number(clean(dial.to), url=before, method="POST" if before else None)
    response.append(verb)


def _with_headers(address: str, headers: dict[str, str]) -> str:
    """The address with its headers as query. In a SIP URI a plus is a plus (RFC 3261, 19.1.1): blanks are %20."""
    named = {
        (name if name.lower().startswith(AS_THEY_ARE) else f"x-{name}"): text
        for name, text in headers.items()
    }
    if not named:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(named, quote_via=quote)}"
