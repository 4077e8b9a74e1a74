"""Texts in: taking and refusing them, the open question, and sessions that begin. What does not come is in `lapses`."""

from __future__ import annotations

from typing import Any

from orchestrator.core import choices
from orchestrator.core.effects import Refusal
from orchestrator.core.events import SessionRequested, TextReceived
from orchestrator.core.ids import session_id
from orchestrator.core.items import Channel
from orchestrator.core.session import LIVE_CALL, TALKING, HeldText, Session, Thread
from orchestrator.core.states import is_open
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice
from orchestrator.core.steps.guards import FLOOD, verdict
from orchestrator.core.steps.sending import know_number, send, tell
from orchestrator.core.turns import ask, heard

MERGE = "merge"
"""The timer that makes a turn of the texts that wait for one another."""
MOST_HELD = 10
"""Texts of one turn: who writes on and on is answered all the same."""


def fresh_session(step: Step) -> None:
    """A new session of the customer begins; it is told the one before, and answers the texts held there."""
    old, merge = step.session, step.session.timers.get("merge")
    name = session_id(step.event.at, old.assistant, old.customer, step.event.id)[:-2] + old.id[-2:]
    step.change_to(
        Session(
            id=name,
            assistant=old.assistant,
            customer=old.customer,
            opened_at=step.now,
            consent=old.consent,
            context={} if old.opened_at else dict(old.context),  # known of the customer before any session
            previous_session_id=old.id if old.opened_at else old.previous_session_id,
            known_number=old.known_number,
            refusal_sent_at=old.refusal_sent_at,
            last_text_error=old.last_text_error,
            beside=old.beside,
            waiting=old.waiting,
            thread=Thread(held=old.thread.held),
            timers={} if merge is None else {"merge": merge},
            texts_in=old.texts_in,
            flooded=old.flooded,
        )
    )
    step.note("session_opened", previous_session_id=step.session.previous_session_id)


# Taking ------------------------------------------------------------------------------------------
def take_text(step: Step) -> None:
    """A text of the customer is taken: a turn at once, or together with those that follow closely."""
    event = step.event
    assert isinstance(event, TextReceived)  # noqa: S101 - the row's trigger
    if not is_open(step.session):
        fresh_session(step)
        step.call = "none"
    if step.call in TALKING:
        step.change_call(silent_turns=0)
    know_number(step, event.number)
    step.note(
        "text_received",
        "sms",
        message_sid=event.message_sid,
        media=len(event.media),
        late=event.late,
        **{"pii.text": event.body},
        **{f"pii.{name}": fact for name, fact in event.facts.items()},
    )
    held = HeldText(
        body=event.body,
        media=event.media,
        keep_as=_keep_as(step, event.body),
        partial=event.partial,
        facts={**event.facts, **({"late": True} if event.late else {})},
    )
    step.change_thread(held=(*step.session.thread.held, held))
    drop_question(step)
    if step.messaging.merge_window and len(step.session.thread.held) < MOST_HELD:
        step.set_timer(MERGE, step.now + step.messaging.merge_window)
    else:
        ask_text(step)


def _keep_as(step: Step, body: str) -> str:
    question = step.session.thread.question
    return question.keep_as if question is not None else by_voice.answered_by_text(step, body)


def go_on(step: Step) -> None:
    """The session was ended while texts were held: a new one begins with them."""
    thread = step.session.thread
    if not is_open(step.session):
        fresh_session(step)
        step.call = "none"
        step.change_thread(number=thread.number, held=thread.held)


def ask_text(step: Step) -> None:
    """What the customer wrote is a turn: of the call if one is live, else of the thread. An awaited reply
    is kept under the name that the assistant gave.
    """
    held = step.session.thread.held
    step.set_timer(MERGE, None)
    step.change_thread(held=())
    body = "\n".join(text.body for text in held if text.body)
    media = tuple(entry for text in held for entry in text.media)
    kept = {text.keep_as: body for text in held if text.keep_as}
    step.change(context={**step.session.context, **kept})
    in_call = step.call in LIVE_CALL
    partial = next((text.partial for text in held if text.partial), "") if in_call else ""
    ask(
        step,
        channel="sms",
        reply_on=reply_on(step),
        event="text_reply" if in_call else None,
        data={**({"partial": partial} if partial else {}), **_facts(held)},
        given=heard("media" if media else "text", choose(step, body, digits=False), media=media),
    )


def _facts(held: tuple[HeldText, ...]) -> dict[str, Any]:
    """What came with the texts of a turn, of several of a kind the last."""
    return {name: fact for text in held for name, fact in text.facts.items()}


def reply_on(step: Step) -> tuple[Channel, ...]:
    """Where a text is answered: in the call if one can speak, as the configuration says."""
    if step.call not in TALKING:
        return ("sms",)
    wanted = step.messaging.reply_to_text_in_call
    return ("voice", "sms") if wanted == "both" else (wanted,)


def drop_question(step: Step) -> None:
    """Nothing is awaited any more."""
    step.change_thread(question=None)
    step.set_timer("text_reply", None)
    step.set_timer("reminder", None)


def say_mismatch(step: Step) -> None:
    """The text does not match: the customer is told, the wait goes on untouched, no turn."""
    event, question = step.event, step.session.thread.question
    assert isinstance(event, TextReceived) and question is not None  # noqa: S101, PT018 - the row's condition
    step.note("text_mismatched", "sms", message_sid=event.message_sid, **{"pii.text": event.body})
    tell(step, question.on_mismatch)


def choose(step: Step, said: str, *, digits: bool) -> str:
    """What the customer means: the value of the choice that they named, else their own words."""
    if not step.session.choices:
        return said
    chosen = choices.choose(said, step.session.choices, digits=digits)
    step.change(choices=(), choices_by_keys=False)
    return said if chosen is None else chosen


# Refusing ----------------------------------------------------------------------------------------
def refuse_text(step: Step) -> None:
    """The policy turns the text away: on record, and told at most once in the quiet period."""
    event = step.event
    assert isinstance(event, TextReceived)  # noqa: S101 - the row's trigger
    reason = verdict(step).reason
    step.emit(Refusal(message_sid=event.message_sid, reason=reason, number=event.number))
    step.change(known_number=event.number)
    if reason == FLOOD.reason and step.session.flooded:
        return  # noted once: a flood would push all else off the timeline
    step.note(
        "text_refused",
        "sms",
        reason=reason,
        message_sid=event.message_sid,
        late=event.late,
        **{"pii.text": event.body},
    )
    quiet_until = (step.session.refusal_sent_at or float("-inf")) + step.messaging.refusal_quiet_period
    untold = reason in {"opted_out", FLOOD.reason} or not step.messaging.refusal_message
    if untold or step.now < quiet_until:
        return
    step.change(refusal_sent_at=step.now)
    send(step, step.messaging.refusal_message, sender=event.number, purpose="refusal")


# Business first ----------------------------------------------------------------------------------
def open_by_us(step: Step) -> None:
    """A text session is opened by us: with a text, or with the assistant speaking first."""
    event = step.event
    assert isinstance(event, SessionRequested)  # noqa: S101 - the row's trigger
    fresh_session(step)
    step.call = "none"
    step.change(context=event.context, thread=Thread(started_by_us=True, held=step.session.thread.held))
    if event.text or event.media:
        send(step, event.text, media=event.media, urgent=event.urgent)
    else:
        ask(step, channel="sms", reply_on=("sms",), event="session_started")
