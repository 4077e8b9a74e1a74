"""What does not come: texts of ours that fail, replies that are not given, customers who fall silent."""

from __future__ import annotations

from orchestrator.core.events import TextAccepted, TextFailed, TimerFired
from orchestrator.core.items import Channel
from orchestrator.core.policy import can_send
from orchestrator.core.session import TALKING
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice, questions
from orchestrator.core.steps.sending import know_number, send, tell
from orchestrator.core.turns import ask


def note_text_failed(step: Step) -> None:
    """A text of ours did not get through: the assistant learns it with its next turn."""
    event = step.event
    assert isinstance(event, TextFailed)  # noqa: S101 - the row's trigger
    error = {"code": event.code, "reason": event.reason, "text_id": event.text_id}
    step.change(last_text_error=error)
    switch = step.session.switch
    if switch is not None and switch.text_id == event.text_id:
        step.change(switch=None)
    step.note("text_failed", "sms", **error)
    if step.session.apology == event.text_id:
        step.change(apology="")
    elif event.reason == "expired" and not event.to:
        _apologise(step)


def _apologise(step: Step) -> None:
    """An answer was dropped as too old: the failure text takes its place, once for all of an outage."""
    if step.call in TALKING or step.session.apology or not can_send(step.current, step.rules):
        return
    text = step.messaging.default_failure_message
    if text:
        step.change(apology=send(step, text, report=True, purpose="failure"))


def note_apology(step: Step) -> None:
    """The carrier is back and took the failure text."""
    step.change(apology="")
    note_taken(step)


def note_taken(step: Step) -> None:
    """What had been given up is no error any more; a number that was not meant is the one that the customer knows."""
    event = step.event
    assert isinstance(event, TextAccepted)  # noqa: S101 - the row's trigger
    if event.given_up:
        step.note("text_found", "sms", text_id=event.text_id, message_sid=event.message_sid)
        if (step.session.last_text_error or {}).get("text_id") == event.text_id:
            step.change(last_text_error=None)
    if event.number:
        step.note("sender_changed", "sms", text_id=event.text_id, number=event.number)
        know_number(step, event.number)


def ask_timeout(step: Step) -> None:
    """The awaited text did not come: the caller is asked by voice if the question has that way."""
    _note_timer(step)
    question = step.before.thread.question
    if question is not None and by_voice.can_go_over(step, question):
        by_voice.ask(step, question, by_voice.TIMEOUT)
        return
    questions.drop_queue(step)
    talking = step.call in TALKING
    channel: Channel = "voice" if talking else "sms"
    ask(step, channel=channel, reply_on=(channel,), event="text_reply_timeout")


def remind(step: Step) -> None:
    """The customer is reminded of the awaited text; the wait goes on."""
    _note_timer(step)
    question = step.session.thread.question
    step.set_timer("reminder", None)
    assert question is not None  # noqa: S101 - a reminder's timer runs only while a text is awaited
    tell(step, question.reminder_say)


def ask_session_timeout(step: Step) -> None:
    """The thread has been silent for long: the assistant may say a last word."""
    _note_timer(step)
    step.set_timer("session", None)
    ask(step, channel="sms", reply_on=("sms",), event="session_timeout")


def expire(step: Step) -> None:
    """The thread has been silent for long: the customer gets the closing line, if any, and the session ends."""
    _note_timer(step)
    step.set_timer("session", None)
    if words := step.messaging.notify_on_session_timeout:
        send(step, words, purpose="notice")


def _note_timer(step: Step) -> None:
    event = step.event
    assert isinstance(event, TimerFired)  # noqa: S101 - the row's trigger
    step.note("timer_fired", name=event.name)
