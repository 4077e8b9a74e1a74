"""How an attempt ended, and what the session is told of it: pure, a table in three functions."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.effects import (
    DeliverHook,
    EndCall,
    InterruptCall,
    LookUpCall,
    Outbound,
    PlaceCall,
    SendMessage,
    TellDesk,
)
from orchestrator.core.errors import CarrierError
from orchestrator.core.events import (
    CallEnded,
    CallFailed,
    CallFailReason,
    CallPlaced,
    Event,
    TextAccepted,
    TextFailed,
)
from orchestrator.outbox.entries import Entry

FIRST_RETRY = 1.0
"""Seconds before the second attempt; each further one waits twice as long."""
LONGEST_RETRY = 60.0
LONGEST_HOOK_RETRY = 600.0
"""Reports wait for hours: nobody is on the line."""
CALL_OVER = frozenset({21220, 20404})
"""What a live-call update answers when the caller has hung up: "not in progress", "not found"."""
FINAL_FAILURES = frozenset({"undelivered", "failed"})


def retry_delay(attempt: int, effect: Outbound | None = None) -> float:
    """Seconds until the attempt after `attempt` (counted from 1)."""
    longest = LONGEST_HOOK_RETRY if isinstance(effect, DeliverHook) else LONGEST_RETRY
    return float(min(FIRST_RETRY * 2 ** min(attempt - 1, 20), longest))


def is_too_late(effect: Outbound, now: float) -> bool:
    """Whether the moment is over in which a text, a call, a word to the help desk or a report is of use."""
    return (
        isinstance(effect, SendMessage | PlaceCall | TellDesk | DeliverHook) and 0 < effect.expires_at < now
    )


def told_when_done(entry: Entry, now: float, said: str, sender: str = "") -> Event | None:
    """What the session is told when the carrier did it: `said` is the id of what it made, or how a call
    stands, `sender` the number of ours that a text left from, where that is known.
    """
    effect = entry.effect
    if isinstance(effect, SendMessage):
        return _text_accepted(effect, entry.customer, now, said, sender or effect.sender)
    if isinstance(effect, PlaceCall):
        name = effect.reference
        return CallPlaced(id=f"{name}:placed", at=now, call_sid=said, reference=name)
    return _told_by_look_up(effect, now, said) if isinstance(effect, LookUpCall) else None


def _text_accepted(
    effect: SendMessage, customer: str | None, now: float, message_sid: str, sender: str
) -> Event | None:
    """Told where something waits for it, or where the customer sees another number than was meant."""
    number = sender if sender != effect.sender and effect.to == customer else ""
    if not effect.report and not number:
        return None
    text_id = effect.text_id
    return TextAccepted(
        id=f"{text_id}:accepted", at=now, text_id=text_id, message_sid=message_sid, number=number
    )


def told_when_found(entry: Entry, now: float, message_sid: str, sender: str = "") -> tuple[Event | None, str]:
    """What the session is told of a text that the carrier took though it had been given up, and the id of the event
    that told of the failure: a failure that is reported from now on is news again.
    """
    effect = entry.effect
    if not isinstance(effect, SendMessage):
        return None, ""
    failed = _text_failed(effect, entry.customer, now, 0, "")
    if failed is None:
        return None, ""
    number = sender if sender != effect.sender and effect.to == entry.customer else ""
    text_id = effect.text_id
    found = TextAccepted(
        id=f"{text_id}:found",
        at=now,
        text_id=text_id,
        message_sid=message_sid,
        number=number,
        given_up=True,
    )
    return found, failed.id


def _told_by_look_up(effect: LookUpCall, now: float, standing: str) -> Event | None:
    """A call that the carrier has ended, or does not know, is over; its end has one id by whichever path."""
    if standing == "live":
        return None
    name = f"{effect.call_sid}:end"
    if effect.dialing and standing != "ended":
        return CallFailed(
            id=name, at=now, call_sid=effect.call_sid, reason=_UNREACHED.get(standing, "failed")
        )
    return CallEnded(id=name, at=now, call_sid=effect.call_sid, reason="lost")


_UNREACHED: dict[str, CallFailReason] = {"busy": "busy", "no_answer": "no_answer"}


def told_when_failed(
    entry: Entry, now: float, code: int, reason: str, *, withheld: bool = False
) -> Event | None:
    """What the session is told when it can not be done any more; `withheld`: no carrier was asked."""
    effect = entry.effect
    if isinstance(effect, SendMessage):
        failed = _text_failed(effect, entry.customer, now, code, reason)
        return replace(failed, withheld=withheld or bool(effect.blocked)) if failed is not None else None
    if isinstance(effect, PlaceCall):
        name = effect.reference
        return CallFailed(id=f"{name}:failed", at=now, call_sid="", reason="failed", reference=name)
    if code in CALL_OVER and isinstance(effect, InterruptCall | EndCall):
        return CallEnded(id=f"{effect.call_sid}:end", at=now, call_sid=effect.call_sid, reason="ended")
    return None


def _text_failed(
    effect: SendMessage, customer: str | None, now: float, code: int, reason: str
) -> TextFailed | None:
    """Answers are told; a refusal or an apology that did not arrive is on record only."""
    opted_out = reason == "opted_out"
    if effect.purpose != "answer" and not opted_out and not effect.report:
        return None
    return TextFailed(
        id=f"{effect.text_id}:failed",
        at=now,
        text_id=effect.text_id,
        code=code,
        reason=reason or "carrier_error",
        to="" if effect.to == customer else effect.to,
    )


def told_by_status(
    entry: Entry, now: float, carrier_id: str, code: int, reason: str, sender: str = ""
) -> Event | None:
    """What the session is told by a status callback: a failure, or that the carrier took the text."""
    if reason:
        return told_when_failed(entry, now, code, reason)
    return told_when_done(entry, now, carrier_id, sender)


def is_repeatable(error: CarrierError, entry: Entry) -> bool:
    """Whether an attempt with no known outcome may simply be made again: calls, where once more is no harm."""
    return error.outcome == "unknown" and isinstance(entry.effect, InterruptCall | EndCall | LookUpCall)
