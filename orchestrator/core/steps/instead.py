"""Conditions of the rows for what stands in another's place: a human for the assistant, a voice for a text."""

from __future__ import annotations

from orchestrator.core.states import in_human_hands
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice
from orchestrator.core.steps.floor import is_misheard
from orchestrator.core.steps.guards import is_allowed, is_this_call


def takes_over(step: Step) -> bool:
    """A human takes the session over."""
    return getattr(step.event, "action", "") == "take_over" and is_allowed(step)


def releases(step: Step) -> bool:
    """The human who has the session gives it back."""
    return getattr(step.event, "action", "") == "release" and is_allowed(step)


def has_human(step: Step) -> bool:
    """A human answers in the assistant's place."""
    return in_human_hands(step.current)


def is_with_human(step: Step) -> bool:
    """The event belongs to the present call, and a human has it."""
    return is_this_call(step) and has_human(step)


def goes_over_to_call(step: Step) -> bool:
    """The failed text asked for one, and the question has another way: the caller's voice."""
    return by_voice.can_go_over(step, by_voice.failed_question(step))


def is_spoken_mismatch(step: Step) -> bool:
    """What the caller said or keyed does not fit the question that is asked by voice."""
    question = step.live.question if is_this_call(step) else None
    if question is None or question.mismatches >= by_voice.MOST_MISMATCHES or is_misheard(step):
        return False
    return by_voice.fitting(question, by_voice.heard_of(step)) is None
