"""The form fields of Twilio's webhooks, as they are on the wire.

Sources: TwiML voice requests, Gather action, Call and Message status callbacks, Messaging webhook
requests; fields beyond those pages (`Called`, `Caller`, `msg`, `FinishedOnKey`) are seen in captures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from channels.simulator.records import LIVE, Call, Message

API_VERSION = "2010-04-01"
Form = dict[str, str]
_PLACE = ("City", "State", "Zip", "Country")


def rfc2822(at: float) -> str:
    """A moment as Twilio writes it, always in UTC."""
    return format_datetime(datetime.fromtimestamp(at, UTC))


def voice(account_sid: str, call: Call) -> Form:
    """What every request for a document carries."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Direction": call.direction,
        "From": call.caller,
        "Caller": call.caller,
        "To": call.to,
        "Called": call.to,
    }
    form |= _places({"From": call.caller, "Caller": call.caller, "To": call.to, "Called": call.to})
    if call.direction == "inbound":
        form |= {
            "StirVerstat": "TN-Validation-Passed-A",
            "CallToken": "%7B%22parentCallInfoToken%22%3A%22x%22%7D",
        }
    if call.parent_sid:
        form["ParentCallSid"] = call.parent_sid
    if call.answered_by:
        form["AnsweredBy"] = call.answered_by
    return form


def call_status(account_sid: str, call: Call, at: float) -> Form:
    """A call progress callback. The durations come with the final one only."""
    form = voice(account_sid, call) | {
        "Timestamp": rfc2822(at),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    if call.status not in LIVE:
        minutes = -(-call.duration // 60)
        form |= {"CallDuration": str(call.duration), "Duration": str(minutes)}
        form["SipResponseCode"] = _SIP.get(call.status, "200")
    return form


_SIP = {"busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}


def speech(words: str, confidence: float | None) -> Form:
    """What a Gather adds for speech. The confidence may be missing."""
    form = {"SpeechResult": words, "msg": "Gather End"}
    if confidence is not None:
        form["Confidence"] = str(confidence)
    return form


def partial(words: str, sequence: int) -> Form:
    """What a Gather reports of speech on the way; all of it may change yet."""
    return {"UnstableSpeechResult": words, "StableSpeechResult": "", "SequenceNumber": str(sequence)}


def digits(keys: str, finished_on: str) -> Form:
    """What a Gather adds for keys."""
    return {"Digits": keys, "FinishedOnKey": finished_on, "msg": "Gather End"}


def inbound_message(
    account_sid: str, message: Message, opt_out_type: str = "", *, type_of: Callable[[str], str]
) -> Form:
    """A text that comes in; `type_of` tells the content type of what lies at an address."""
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender,
        "To": message.to,
        "Body": message.body,
        "SmsStatus": "received",
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
    }
    form |= _places({"From": message.sender, "To": message.to})
    for place, url in enumerate(message.media):
        form[f"MediaUrl{place}"] = url
        form[f"MediaContentType{place}"] = type_of(url)
    if message.service_sid:
        form["MessagingServiceSid"] = message.service_sid
    if opt_out_type:
        form["OptOutType"] = opt_out_type
    return form


def message_status(account_sid: str, message: Message, status: str, code: int | None, at: float) -> Form:
    """A message status callback; there is none for the first status."""
    form = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "From": message.sender,
        "To": message.to,
    }
    if status in {"delivered", "undelivered"}:
        form["RawDlrDoneDate"] = datetime.fromtimestamp(at, UTC).strftime("%y%m%d%H%M")
    if code is not None and status in {"failed", "undelivered"}:
        form["ErrorCode"] = str(code)
    if message.service_sid:
        form["MessagingServiceSid"] = message.service_sid
    return form


def _places(parties: Mapping[str, str]) -> Form:
    """Geography, known for North American numbers only; unknown places come as empty fields."""
    return {
        name + part: ("US" if part == "Country" else "")
        for name, number in parties.items()
        if number.startswith("+1")
        for part in _PLACE
    }
