"""Texts out: sending one, telling the customer something outside a turn, and the orders of actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from orchestrator.core.effects import SendMessage
from orchestrator.core.events import CallEnded
from orchestrator.core.ids import stable_id
from orchestrator.core.media import batches, why_not_media
from orchestrator.core.policy import why_not_send
from orchestrator.core.segments import folded, measure, parts
from orchestrator.core.session import LIVE_CALL, TALKING
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.quiet_texts import leaves_at, note_waiting
from orchestrator.core.turns import text_number

ANSWERS = frozenset({"input", "text_reply"})
"""Causes of turns that the customer began with a text."""
Purpose = Literal["answer", "refusal", "failure", "notice"]


def send(
    step: Step,
    body: str,
    *,
    media: tuple[str, ...] = (),
    to: str = "",
    sender: str = "",
    report: bool = False,
    purpose: Purpose = "answer",
    urgent: bool = False,
) -> str:
    """Send a text; its id. One that cannot be sent fails at once, as a text that the carrier refuses would.

    A text that is longer than one message may be goes as several, whole and in order: the id is the
    last one's, media go with the first, and those beyond ten behind it. In quiet hours one that is neither
    asked for nor `urgent` waits.
    """
    body = folded(body) if step.messaging.fold_characters else body
    waits = leaves_at(step, to=to, urgent=urgent)
    whole = SendMessage(
        text_id="",
        to=to or step.session.customer or "",
        sender=sender or text_number(step.session, step.rules),
        body=body,
        report=report,
        purpose=purpose,
        blocked=_why_blocked(step, to) or why_not_media(media),
        expires_at=max(step.now, waits) + step.messaging.text_ttl if purpose == "answer" else 0.0,
        not_before=waits,
    )
    *earlier, (last, its_media) = _messages(step, body, media)
    for piece, carried in earlier:
        _emit(step, replace(whole, text_id=_next_id(step), body=piece, media=carried, report=False), to)
    text_id = _next_id(step)
    _emit(step, replace(whole, text_id=text_id, body=last, media=its_media), to)
    return text_id


def _next_id(step: Step) -> str:
    """The id of the decision's next text."""
    sent = sum(isinstance(effect, SendMessage) for effect in step.effects)
    return stable_id(step.event.at, step.session.id, step.event.id, f"text{sent}")


def _messages(step: Step, body: str, media: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """What each message holds: words, and media."""
    pieces = parts(body, max_segments=step.messaging.max_segments) or (body,)
    first, *more = batches(media) or [()]
    return [(pieces[0], first), *((piece, ()) for piece in pieces[1:]), *(("", batch) for batch in more)]


def _why_blocked(step: Step, to: str) -> str:
    """The customer's own number and consent say nothing about another recipient."""
    blocked = why_not_send(step.current, step.rules)
    return "" if to and blocked != "no_messaging" else blocked


def _emit(step: Step, message: SendMessage, to: str) -> None:
    step.emit(message)
    if message.blocked:
        return
    size = measure(message.body)
    step.note(
        "text_queued",
        "sms",
        text_id=message.text_id,
        purpose=message.purpose,
        segments=size.segments,
        encoding=size.encoding,
        **({"waits_until": message.not_before} if message.not_before else {}),
        **{"pii.text": message.body},
    )
    if message.not_before:
        note_waiting(step, message.text_id, message.not_before)
    if message.purpose == "answer" and not to:
        _sent_to_customer(step, message.sender)


def _sent_to_customer(step: Step, sender: str) -> None:
    """The thread is open from now on; outside a call, and unasked, it is one that we began.

    An answer that the call did not wait for is still an answer, however late.
    """
    turn = step.session.turn
    answers_text = turn is not None and turn.cause in ANSWERS
    began = step.call not in LIVE_CALL and not answers_text and not isinstance(step.event, CallEnded)
    thread = step.session.thread
    know_number(step, sender)
    step.change_thread(started_by_us=thread.started_by_us or began, texts_sent=thread.texts_sent + 1)
    order(step, "text_sent")


def know_number(step: Step, number: str) -> None:
    """The customer knows this number of ours: texts come from it, in this session and those after it."""
    step.change_thread(number=number)
    step.change(known_number=number)


def tell(step: Step, text: str) -> None:
    """Say something outside a turn: in the call if one can speak, else by text."""
    if not text:
        return
    if step.call in TALKING:
        documents.speak(step, documents.words(text), documents.onward(step))
    else:
        send(step, text)


def order(step: Step, name: str) -> None:
    """Fire an order of an action at the machine that has rows for it."""
    from orchestrator.core.rules import take  # noqa: PLC0415 - the rules' rows name these actions

    take(step, name)
