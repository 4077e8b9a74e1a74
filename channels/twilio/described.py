"""What the carrier calls, as OpenAPI path items for the description of the service. The socket of
ConversationRelay is not told of there: OpenAPI has no word for one.
"""

from __future__ import annotations

from typing import Any

from channels.twilio import urls
from channels.twilio.webhooks import MAX_BODY, SIGNATURE_HEADER

SCHEME = "carrierSignature"
_TWIML, _DONE = "200", "204"
_WEBHOOKS = (
    (urls.VOICE, "voice", "A call comes in", _TWIML),
    (urls.VOICE_TURN, "voice_turn", "What the caller said or keyed: `<Gather>` action", _TWIML),
    (urls.VOICE_RESUME, "voice_resume", "A redirect, or the fetch after a live call was changed", _TWIML),
    (urls.VOICE_TRANSFER, "voice_transfer", "How a transfer ended: `<Dial>` or `<Refer>` action", _TWIML),
    (urls.VOICE_WHISPER, "voice_whisper", "What the human of a transfer hears first", _TWIML),
    (urls.VOICE_RELAY_ACTION, "voice_relay_action", "How a socket ended: `<Connect>` action", _TWIML),
    (urls.VOICE_FALLBACK, "voice_fallback", "A voice webhook failed, with `ErrorCode`", _TWIML),
    (urls.VOICE_PARTIAL, "voice_partial", "Words on their way", _DONE),
    (urls.VOICE_STATUS, "voice_status", "Call status callback", _DONE),
    (urls.SMS, "sms", "A message comes in", _TWIML),
    (urls.SMS_FALLBACK, "sms_fallback", "A message webhook failed, with `ErrorCode`", _TWIML),
    (urls.SMS_STATUS, "sms_status", "Message status callback", _DONE),
)
_REFUSALS = {
    "400": "Our number, or another field that the carrier sends, is missing",
    "403": "The signature does not match",
    "404": "No integration has this number",
    "413": f"The body has more than {MAX_BODY} bytes",
    "415": "The body is no form",
    "503": "Nothing was stored; the carrier tries again",
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}


def paths() -> dict[str, Any]:
    """Every webhook under its path."""
    return {path: {"post": _webhook(*told)} for path, *told in _WEBHOOKS}


def security_schemes() -> dict[str, Any]:
    """How a webhook proves that it is the carrier's."""
    meaning = "HMAC-SHA1 over address and form with the account's auth token (Twilio, Webhooks security)"
    return {SCHEME: {"type": "apiKey", "in": "header", "name": SIGNATURE_HEADER, "description": meaning}}


def _webhook(name: str, summary: str, status: str) -> dict[str, Any]:
    form = {"type": "object", "additionalProperties": {"type": "string"}}
    done: dict[str, Any] = {"description": "Done"}
    if status == _TWIML:
        done = {"description": "TwiML", "content": {"text/xml": {"schema": {"type": "string"}}}}
    refusals = {code: {"description": told, "content": _TEXT} for code, told in _REFUSALS.items()}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["carrier"],
        "security": [{SCHEME: []}],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {status: done, **refusals},
    }
