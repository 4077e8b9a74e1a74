"""What a committed decision means for the figures."""

from __future__ import annotations

from orchestrator.core.decide import Decision
from orchestrator.core.effects import Refusal
from orchestrator.core.events import Event, TextReceived
from orchestrator.core.session import Session
from orchestrator.core.states import joint_state
from orchestrator.ports import Observer


def observe(observer: Observer, before: Session, decision: Decision, event: Event, *, consumed: int) -> None:
    """Tell of the session that began, and of the text that came. A text is told of where it is consumed:
    its answer may be written later, as a change of its own.
    """
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
