"""A question that goes over to the call: its text cannot be sent, or does not come, and the caller is asked
by voice instead (`ask_for_text.fallback`). What is said or keyed then is kept as the text would have been.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orchestrator.core import items, markup, patterns
from orchestrator.core.effects import HangUpCall
from orchestrator.core.events import DigitsPressed, SpeechHeard, TextFailed
from orchestrator.core.session import TALKING, Question, SpokenQuestion
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.floor import collected
from orchestrator.core.steps.outcome import Outcome

MOST_MISMATCHES = 2
"""Answers that do not fit before one is taken as it is: nobody is asked the same for ever."""
TIMEOUT = "text_reply_timeout"
EVENT = "reply_by_voice"
"""The turn of the answer."""


def can_go_over(step: Step, question: Question | None) -> bool:
    """Whether the question has another way, and a caller is there to take it."""
    has_way = question is not None and question.fallback is not None and step.call in TALKING
    return has_way and not isinstance(documents.onward(step), HangUpCall)


def failed_question(step: Step) -> Question | None:
    """The question that was open when this event told that its text failed."""
    question = step.before.thread.question
    event = step.event
    is_its = isinstance(event, TextFailed) and question is not None and question.text_id == event.text_id
    return question if is_its else None


def ask(step: Step, question: Question, reason: str) -> None:
    """Ask the caller who waits for a text."""
    assert question.fallback is not None  # noqa: S101 - `can_go_over` was asked
    _open(step, question, question.fallback, reason)
    documents.speak(step, documents.words(markup.as_speech(question.fallback.say)), documents.onward(step))


def ask_after_failure(step: Step) -> None:
    """The text of the question failed: the caller is asked, the assistant is not."""
    question, event = failed_question(step), step.event
    assert question is not None and isinstance(event, TextFailed)  # noqa: S101, PT018 - the row's condition
    ask(step, question, event.reason)


def ask_at_once(outcome: Outcome, item: items.AskForText, reason: str) -> None:
    """No text can be sent at all: the answer asks by voice."""
    if item.fallback is None or outcome.ending is not None:
        outcome.skip(item, reason)
        return
    outcome.say(item.fallback.say)
    _open(outcome.step, item, item.fallback, reason)


def _open(step: Step, asked: Question | items.AskForText, way: items.Fallback, reason: str) -> None:
    question = SpokenQuestion(
        keep_as=asked.keep_as,
        pattern=asked.pattern if patterns.is_usable(asked.pattern) else "",
        on_mismatch=asked.on_mismatch,
        collect=way.collect,
        reason=reason,
    )
    step.change_call(question=question, collect=None, silent_turns=0)
    step.note("asked_by_voice", "voice", keep_as=asked.keep_as, reason=reason)


def fitting(question: SpokenQuestion, said: str) -> str | None:
    """What is kept of an answer, or None if it does not fit: recognisers set blanks, dashes and full stops
    that nobody said.
    """
    words = said.strip()
    if not question.pattern:
        return words
    closed = "".join(char for char in words.rstrip(".!?") if char not in " -")
    written = (words, words.rstrip(".!?"), closed)
    return next((found for found in written if patterns.matches(question.pattern, found)), None)


def heard_of(step: Step) -> str:
    """What the caller said or keyed."""
    event = step.event
    if isinstance(event, SpeechHeard):
        return event.utterance
    return event.digits if isinstance(event, DigitsPressed) else ""


def say_mismatch(step: Step) -> None:
    """The answer does not fit: the caller is told, and asked on; no turn."""
    question = step.live.question
    assert question is not None  # noqa: S101 - the row's condition
    said = heard_of(step)
    step.note("answer_mismatched", "voice", **{"pii.text": said})
    collected(step, said if isinstance(step.event, DigitsPressed) else "")
    step.change_call(silent_turns=0, question=replace(question, mismatches=question.mismatches + 1))
    documents.reply(step, documents.words(question.on_mismatch), documents.onward(step))


def answered(step: Step, given: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The turn's event and facts if the caller has just answered such a question: it is kept, and over."""
    question = step.live.question
    if question is None:
        return None, {}
    step.change_call(question=None)
    kept = fitting(question, str(given["text"]))
    if kept is not None and question.keep_as:
        step.change(context={**step.session.context, question.keep_as: kept})
    facts = {"keep_as": question.keep_as, "reason": question.reason, "matched": kept is not None}
    return EVENT, facts


def answered_by_text(step: Step, body: str) -> str:
    """The text came after all: the name under which it is kept, if there is one; nothing is asked any more."""
    call = step.session.call
    question = call.question if call is not None and step.call in TALKING else None
    if question is None or fitting(question, body) is None:
        return ""
    step.change_call(question=None)
    return question.keep_as
