"""What a committed decision means for the figures, and for a witness who is shown all of it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from orchestrator.core.decide import Decision
from orchestrator.core.effects import Refusal
from orchestrator.core.events import Event, TextReceived
from orchestrator.core.session import Session
from orchestrator.core.states import joint_state
from orchestrator.ports import Observer


@runtime_checkable
class Witness(Protocol):
    """An observer that sees every decision whole, as it was committed: scenario tests have one. Unlike the
    figures it learns numbers and words.
    """

    def decided(self, before: Session, decision: Decision, event: Event) -> None:
        """This was committed, ignored events among it."""
        ...


def observe(observer: Observer, before: Session, decision: Decision, event: Event, *, consumed: int) -> None:
    """Tell of the session that began, and of the text that came. A text is told of where it is consumed:
    its answer may be written later, as a change of its own.
    """
    if isinstance(observer, Witness):
        observer.decided(before, decision, event)
    refusals = [effect for effect in decision.effects if isinstance(effect, Refusal)]
    for refusal in refusals:
        observer.refused(refusal.reason)
    if has_begun(before, decision.session):
        observer.session_opened()
    if isinstance(event, TextReceived) and consumed:
        observer.text("in", "refused" if refusals else "ignored" if decision.ignored else "taken")


def has_begun(before: Session, after: Session) -> bool:
    """Whether a session is there that was not: the customer's first, or one after another that ended."""
    return joint_state(after) != "idle" and (joint_state(before) == "idle" or after.id != before.id)
