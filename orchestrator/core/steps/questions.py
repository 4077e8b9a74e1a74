"""Asking for texts: one question is open at a time, and those of the same answer follow one another."""

from __future__ import annotations

from orchestrator.core import items, markup, patterns
from orchestrator.core.items import Channel
from orchestrator.core.policy import can_send, why_not_ask
from orchestrator.core.session import Question
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice
from orchestrator.core.steps.outcome import Outcome
from orchestrator.core.steps.quiet_texts import leaves_at
from orchestrator.core.steps.sending import order, send

MOST_QUEUED = 10
"""Questions of one answer that wait for the reply to the one before."""


def ask_for_text(outcome: Outcome, item: items.AskForText, channel: Channel) -> None:
    """The first question of an answer is asked, unless one is open already; the others wait for its reply.
    What an earlier answer left to be asked is forgotten.
    """
    thread = outcome.step.session.thread
    if not outcome.asks:
        if why_not_ask(outcome.step.current, outcome.step.rules) != "already_asked":
            outcome.step.change_thread(queue=())
        _ask(outcome, item, channel)
    elif len(thread.queue) < MOST_QUEUED:
        outcome.step.change_thread(queue=(*thread.queue, item))
    else:
        outcome.skip(item, "too_many_questions")


def ask_next(outcome: Outcome) -> None:
    """The former question has its reply, and the answer to that asks nothing: the next one is asked."""
    step = outcome.step
    thread, call = step.session.thread, step.session.call
    waits = thread.question is not None or bool(thread.held) or (call is not None and bool(call.question))
    moves_on = bool(outcome.force) or outcome.hands_over or step.session.closed_by_assistant
    if not thread.queue or outcome.asks or waits or moves_on:
        return
    step.change_thread(queue=thread.queue[1:])
    aloud = step.call in {"listening", "thinking"} and outcome.ending is None
    _ask(outcome, thread.queue[0], "voice" if aloud else "sms")


def drop_queue(step: Step) -> None:
    """What was still to be asked is not asked any more."""
    queue = step.session.thread.queue
    if queue:
        step.note("questions_dropped", "sms", questions=len(queue))
        step.change_thread(queue=())


def _ask(outcome: Outcome, item: items.AskForText, channel: Channel) -> None:
    """Where no text can be sent nothing is promised: the words that announce it are not said, and the
    caller is asked by voice if the question has that way; else the text fails at once (`text_failed`).
    """
    step = outcome.step
    reason = why_not_ask(step.current, step.rules)
    if reason and reason != "already_asked" and item.fallback is not None and channel == "voice":
        outcome.asks = True
        by_voice.ask_at_once(outcome, item, reason)
        return
    told_by_failing = bool(item.text or item.say) and reason not in {"thread_busy", "already_asked"}
    if reason and not told_by_failing:
        outcome.skip(item, reason)
        return
    if channel == "voice" and item.say and not reason:
        outcome.say(item.say)
    outcome.asks = True
    outcome.messages.append(lambda: _asked(outcome, item))


def _asked(outcome: Outcome, item: items.AskForText) -> None:
    step = outcome.step
    body = markup.as_text(item.text or item.say)
    text_id = send(step, body) if body else ""
    if not can_send(step.current, step.rules):
        return
    pattern = item.pattern if patterns.is_usable(item.pattern) else ""
    if item.pattern and not pattern:
        outcome.skip(item, "bad_pattern")
    question = Question(
        text_id=text_id,
        keep_as=item.keep_as,
        pattern=pattern,
        on_mismatch=item.on_mismatch,
        reminder_say=item.reminder_say,
        fallback=item.fallback,
    )
    step.change_thread(question=question)
    if step.session.call is not None:
        step.change_call(question=None)
    order(step, "text_asked")
    _set_timers(step, item)
    step.note("text_asked", "sms", keep_as=item.keep_as)


def _set_timers(step: Step, item: items.AskForText) -> None:
    asked_at = max(step.now, leaves_at(step))
    timeout = step.messaging.text_reply_timeout if item.timeout is None else item.timeout
    step.set_timer("text_reply", asked_at + timeout)
    if item.reminder_after is not None and item.reminder_say:
        step.set_timer("reminder", asked_at + item.reminder_after)
