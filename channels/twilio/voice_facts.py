"""Voice webhooks as core events. The form has passed its checks; nothing here does I/O.

Event ids name the fact, not the request, so that a repeated request has the same id:

    CallSid:start                  the call began
    CallSid:<document>             what the caller did at a document: speech, keys or silence
    CallSid:r<document>.<round>    the fetch of the document after it
    CallSid:f<document>.<round>    the same, as the carrier's fallback
    CallSid:t<document>            the end of the dialling that it asked for
    CallSid:end                    the call is over
"""

from __future__ import annotations

from channels.twilio.forms import Form
from channels.twilio.urls import VOICE, failed_path
from channels.twilio.webhooks import Webhook
from orchestrator.core.events import (
    CallEnded,
    CallEndReason,
    CallFailed,
    CallFailReason,
    CallStarted,
    DigitsPressed,
    Direction,
    DocumentRequested,
    SilenceHeard,
    SpeechHeard,
    TransferEnded,
    TransferFailReason,
)
from orchestrator.ports.overhearing import Half

# CallStatus of a call that is over (Twilio, Call resource). The others are reports on the way.
_UNREACHED: dict[str, CallFailReason] = {
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "failed",
}
_OVER: dict[str, CallEndReason] = {
    "completed": "ended",
    "busy": "ended",
    "no-answer": "ended",
    "canceled": "ended",
    "failed": "failed",
}

# AnsweredBy (Twilio, answering machine detection): machine_start, machine_end_beep, ..., fax. What is
# `unknown` is talked to: a human is never hung up on.
_MACHINES = ("machine", "fax")

LONGEST = 1000
"""Characters of unfinished speech that are kept: a minute of it, and no room for more."""
# ErrorCode (Twilio, errors and warnings): verbs of a call's document, and <Dial> and its nouns among them.
# 11xxx and 12xxx say that no document of ours arrived whole.
_UNPLAYED = range(13000, 14000)
_UNDIALLED = range(13210, 13250)
_SIP_SUCCESS = 2
# SIP response codes (RFC 3261, 21) of who was referred to.
_REFERRED: dict[int, TransferFailReason] = {
    486: "busy",
    600: "busy",
    408: "no_answer",
    480: "no_answer",
    487: "canceled",
    603: "busy",
}

# DialCallStatus (Twilio, <Dial>). `answered` is said of conferences.
_DIALLED: dict[str, TransferFailReason] = {
    "completed": "",
    "answered": "",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "canceled",
}


def started(webhook: Webhook, at: float) -> CallStarted:
    """The call's first request."""
    sid = call_sid(webhook)
    direction: Direction = "outbound" if webhook.outbound else "inbound"
    return CallStarted(
        id=f"{sid}:start",
        at=at,
        call_sid=sid,
        number=webhook.ours,
        direction=direction,
        machine=webhook.form.get("AnsweredBy").startswith(_MACHINES),
        reference=webhook.query.get("reference"),
    )


def turn(webhook: Webhook, at: float) -> SpeechHeard | DigitsPressed | SilenceHeard:
    """What the caller did at a document. Keys count before words; a blank result is silence."""
    sid, document = call_sid(webhook), webhook.query.document
    identity = f"{sid}:{document}"
    digits, words = webhook.form.get("Digits").strip(), webhook.form.get("SpeechResult").strip()
    if digits:
        return DigitsPressed(id=identity, at=at, call_sid=sid, document=document, digits=digits)
    if not words:
        return SilenceHeard(id=identity, at=at, call_sid=sid, document=document)
    confidence = webhook.form.fraction("Confidence")  # may be missing
    return SpeechHeard(
        id=identity, at=at, call_sid=sid, document=document, utterance=words, confidence=confidence
    )


def requested(webhook: Webhook, at: float) -> DocumentRequested:
    """The carrier fetches the next document."""
    sid, query = call_sid(webhook), webhook.query
    identity = f"{sid}:r{query.document}.{query.round}"
    return DocumentRequested(id=identity, at=at, call_sid=sid, document=query.document, round=query.round)


def fallen_back(webhook: Webhook, at: float) -> tuple[CallStarted | DocumentRequested | TransferEnded, bool]:
    """What to answer where a document of ours could not be had, or played, and whether the call is beside.

    The failed address says which: the call's first request is made again, under its own id; in place
    of any other the newest document is fetched. One that the carrier had, and could not play, would fail
    again: the call goes on behind it, as after a transfer that failed if it was one.
    """
    path, query = failed_path(webhook.form.get("ErrorUrl"), webhook.integration.style.public_url)
    sid, code = call_sid(webhook), webhook.form.integer("ErrorCode") or 0
    had = query.document + 1
    if code in _UNDIALLED:
        ended = TransferEnded(id=f"{sid}:t{had}", at=at, call_sid=sid, document=had, reason="failed")
        return ended, query.beside
    if code in _UNPLAYED:
        turn = max(1, query.round)
        identity = f"{sid}:f{had}.{turn}"
        event = DocumentRequested(id=identity, at=at, call_sid=sid, document=had, round=turn)
        return event, query.beside
    if path == VOICE:
        return started(webhook, at), query.beside
    identity = f"{sid}:f{query.document}.{query.round}"
    event = DocumentRequested(id=identity, at=at, call_sid=sid, document=query.document, round=query.round)
    return event, query.beside


def transferred(webhook: Webhook, at: float) -> TransferEnded:
    """The end of a dialling. What is not known to have been answered counts as failed."""
    sid, document = call_sid(webhook), webhook.query.document
    referred = "ReferCallStatus" in webhook.form
    reason = (
        _refused(webhook.form) if referred else _DIALLED.get(webhook.form.get("DialCallStatus"), "failed")
    )
    return TransferEnded(id=f"{sid}:t{document}", at=at, call_sid=sid, document=document, reason=reason)


def _refused(form: Form) -> TransferFailReason:
    """How the other side took a <Refer>: the SIP code that it reports, else the one that it answered."""
    code = form.integer("NotifySipResponseCode") or form.integer("ReferSipResponseCode") or 0
    return "" if code // 100 == _SIP_SUCCESS else _REFERRED.get(code, "failed")


def over(webhook: Webhook, at: float) -> CallEnded | CallFailed | None:
    """The end of the call, or None for a report on the way."""
    sid, status = call_sid(webhook), webhook.form.get("CallStatus")
    identity = f"{sid}:end"
    if webhook.outbound and status in _UNREACHED:
        reference = webhook.query.get("reference")
        return CallFailed(id=identity, at=at, call_sid=sid, reason=_UNREACHED[status], reference=reference)
    if status not in _OVER:
        return None
    duration = webhook.form.integer("CallDuration")
    return CallEnded(id=identity, at=at, call_sid=sid, reason=_OVER[status], duration=duration)


def unfinished(webhook: Webhook) -> Half:
    """What the recogniser makes of speech so far: the part that it is sure of, and the part that it is not."""
    sure, unsure = (webhook.form.get(f"{name}SpeechResult").strip() for name in ("Stable", "Unstable"))
    words = unsure if unsure.startswith(sure) else f"{sure} {unsure}".strip()
    return Half(
        call_sid(webhook),
        webhook.query.document,
        webhook.form.integer("SequenceNumber") or 0,
        words[:LONGEST],
    )


def call_sid(webhook: Webhook) -> str:
    """The call's id at the carrier."""
    return webhook.form.get("CallSid")
