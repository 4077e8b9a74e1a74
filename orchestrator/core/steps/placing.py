"""Calls that we make: placing one, learning its id, and its being answered."""

from __future__ import annotations

from orchestrator.core.effects import HangUpCall, PlaceCall
from orchestrator.core.events import CallPlaced, CallRequested, CallStarted
from orchestrator.core.session import Call
from orchestrator.core.states import is_open
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.messages import fresh_session


def place(step: Step) -> None:
    """Call the customer, from the number that they know; the call has no id until the carrier gives one."""
    session, numbers = step.session, step.phone.numbers
    known = session.call.number if session.call else session.thread.number
    sender = known if known in numbers else numbers[0]
    call = Call(call_sid="", number=sender, started_at=step.now, direction="outbound")
    step.change(call=call)
    step.emit(PlaceCall(to=session.customer or "", sender=sender, reference=session.id))


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
    step.change_call(call_sid=event.call_sid, number=event.number, started_at=step.now)
    step.note("call_started", "voice", call_sid=event.call_sid, direction=step.live.direction)


def let_go(step: Step) -> None:
    """The session was closed while the call rang: it ends at once."""
    documents.reply(step, (), HangUpCall())
