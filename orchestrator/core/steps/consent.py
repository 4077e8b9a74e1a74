"""Consent to texts: keywords, the carrier's word, an operator's, and what follows for the thread."""

from __future__ import annotations

from orchestrator.core.events import TextReceived
from orchestrator.core.session import TALKING
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice
from orchestrator.core.steps.guards import OPTED_OUT_CODE, is_help
from orchestrator.core.steps.messages import drop_question
from orchestrator.core.steps.sending import order, send
from orchestrator.core.turns import ask

OPTED_IN_REPLY = "You will get our texts again. Reply STOP to opt out."
HELP_REPLY = "Reply STOP to get no more texts."
"""What `keyword_replies: tandem` answers. An opt-out is not answered: nothing goes to an opted-out number."""


def opt_out(step: Step) -> None:
    """The customer said STOP."""
    step.note("consent_changed", "sms", consent="opted_out", by="text")
    answer_keyword(step)


def opt_in(step: Step) -> None:
    """The customer said START."""
    step.note("consent_changed", "sms", consent="opted_in", by="text")
    answer_keyword(step)


def carrier_opted_out(step: Step) -> None:
    """The carrier told us that the number is opted out."""
    step.note("consent_changed", "sms", consent="opted_out", by="carrier")


def answer_keyword(step: Step) -> None:
    """On record; the carrier answers it, or, where it is told to leave that to us, we do."""
    event = step.event
    assert isinstance(event, TextReceived)  # noqa: S101 - the row's trigger
    step.note("keyword_received", "sms", message_sid=event.message_sid)
    if step.messaging.keyword_replies == "tandem" and step.consent == "opted_in":
        reply = HELP_REPLY if is_help(step) else OPTED_IN_REPLY
        send(step, reply, sender=event.number, purpose="notice")


def close_by_opt_out(step: Step) -> None:
    """Nothing can be sent any more; a call that waited for a text learns it."""
    waited = step.session.thread.question
    drop_question(step)
    order(step, "thread_closed")
    if waited is not None and by_voice.can_go_over(step, waited):
        by_voice.ask(step, waited, "opted_out")
        return
    if waited is not None and step.call in TALKING:
        data = {"code": OPTED_OUT_CODE, "reason": "opted_out", "text_id": waited.text_id}
        ask(step, channel="voice", reply_on=("voice",), event="text_failed", data=data)


def set_by_operator(step: Step, actor: str) -> None:
    """The API sets the consent; the thread of a customer who is opted out by it closes."""
    before = step.consent
    order(step, "consent_set")
    if step.consent != before:
        step.note("consent_changed", consent=step.consent, by=actor)
    if step.consent == "opted_out":
        close_by_opt_out(step)
