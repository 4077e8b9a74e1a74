"""Calls that we make: placing one, learning its id, and its being answered."""

from __future__ import annotations

from orchestrator.core.effects import EndCall, HangUpCall, PlaceCall
from orchestrator.core.events import CallPlaced, CallRequested, CallStarted
from orchestrator.core.ids import call_reference
from orchestrator.core.items import Channel
from orchestrator.core.policy import can_send
from orchestrator.core.session import Call
from orchestrator.core.states import is_open
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.messages import fresh_session
from orchestrator.core.steps.sending import send
from orchestrator.core.turns import ask

PLACEABLE = 120.0
"""Seconds in which a call that was wished for may still be placed: nobody expects it to ring later."""


def place(step: Step) -> None:
    """Call the customer, from the number that they know; the call has no id until the carrier gives one."""
    session, numbers = step.session, step.phone.numbers
    known = session.call.number if session.call else session.thread.number or session.known_number
    sender = known if known in numbers else numbers[0]
    reference = call_reference(step.event.at, session.id, step.event.id)
    call = Call(call_sid="", number=sender, started_at=step.now, direction="outbound", reference=reference)
    step.change(call=call)
    step.emit(
        PlaceCall(
            to=session.customer or "", sender=sender, reference=reference, expires_at=step.now + PLACEABLE
        )
    )


def call_customer(step: Step) -> None:
    """The API asks for a call: in the open session, or in a new one."""
    event = step.event
    assert isinstance(event, CallRequested)  # noqa: S101 - the row's trigger
    if not is_open(step.session):
        fresh_session(step)
        step.thread = "none"
    step.change(context={**step.session.context, **event.context})
    place(step)


def know_call(step: Step) -> None:
    """The carrier took our call: from now on it can be ended from outside."""
    event = step.event
    assert isinstance(event, CallPlaced)  # noqa: S101 - the row's trigger
    step.change_call(call_sid=event.call_sid)
    step.note("call_placed", "voice", call_sid=event.call_sid)


def call_answered(step: Step) -> None:
    """The customer took our call."""
    event = step.event
    assert isinstance(event, CallStarted)  # noqa: S101 - the row's trigger
    step.change_call(call_sid=event.call_sid, number=event.number, started_at=step.now, with_human=False)
    step.note("call_started", "voice", call_sid=event.call_sid, direction=step.live.direction)


def cancel(step: Step) -> None:
    """The session was closed while the carrier took our call: it stops ringing."""
    step.emit(EndCall(call_sid=step.live.call_sid))


def meet_machine(step: Step) -> None:
    """A machine took our call: it gets the message, if one is to be left, and the call is over."""
    call_answered(step)
    leaves = step.phone.machine_detection == "message"
    documents.reply(step, documents.words(step.phone.machine_message) if leaves else (), HangUpCall())


def tell_unreached(step: Step) -> None:
    """Our call reached nobody, or a machine: the customer is told by text, where that is configured."""
    if step.session.closed_by_assistant or not can_send(step.current, step.rules):
        return
    phone, at_machine = step.phone, isinstance(step.event, CallStarted)
    words = phone.call_failed_message
    if at_machine and phone.machine_detection == "message":
        words = "" if phone.machine_message else words  # it was left on the machine
    elif at_machine and phone.machine_detection == "text":
        words = phone.machine_message or words
    if words:
        send(step, words)


def ask_machine(step: Step) -> None:
    """The assistant learns that a machine took our call."""
    if step.session.closed_by_assistant:
        return
    reply_on: tuple[Channel, ...] = ("sms",) if can_send(step.current, step.rules) else ()
    ask(step, channel="voice", reply_on=reply_on, event="call_failed", data={"reason": "machine"})


def let_go(step: Step) -> None:
    """The session was closed while the call rang: it ends at once."""
    documents.reply(step, (), HangUpCall())
