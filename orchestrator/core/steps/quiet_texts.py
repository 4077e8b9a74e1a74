"""Which texts of ours keep the quiet hours: those that the customer did not ask for.

An answer to what the customer wrote, or said in a call that is up or has just ended, goes at once. What
we begin waits: a session of ours, a timer, a call that reached nobody, an action out of turn in a
conversation that has paused, and any text to somebody else. `urgent` lets a text go all the same.
"""

from __future__ import annotations

from orchestrator.core.events import (
    ActionRequested,
    AssistantFailed,
    AssistantReplied,
    CallFailed,
    CallStarted,
    SessionRequested,
    TimerFired,
)
from orchestrator.core.hours import quiet_until
from orchestrator.core.session import TALKING, WaitingText
from orchestrator.core.step import Step

BEGUN_BY_US = frozenset({"session_started", "session_timeout", "text_reply_timeout", "call_failed"})
"""Causes of turns that the customer did nothing for."""
GONE_ON = frozenset({"resume", "released"})
"""Causes of turns that go on with what the customer said, if that was lately."""
UNASKED = (SessionRequested, TimerFired, CallFailed, CallStarted)
"""Events that may send a text by themselves, and are no word of the customer's."""
CONVERSATION = 900.0
"""Seconds after a text or a call of the customer in which an action out of turn is still an answer."""


def leaves_at(step: Step, *, to: str = "", urgent: bool = False) -> float:
    """When a text may leave (Unix seconds): 0 for at once, else the end of the quiet hours."""
    if urgent or not _is_unasked(step, to):
        return 0.0
    return quiet_until(step.rules, step.now)


def note_waiting(step: Step, text_id: str, until: float) -> None:
    """Keep in sight that the text waits."""
    still = tuple(text for text in step.session.waiting if text.until > step.now)
    step.change(waiting=(*still, WaitingText(text_id=text_id, until=until)))


def _is_unasked(step: Step, to: str) -> bool:
    if to and step.session.customer is not None:
        return True  # somebody else, who asked for nothing
    if step.call in TALKING or step.call == "transferring":
        return False
    event, turn = step.event, step.session.turn
    paused = step.now - _last_heard(step) > CONVERSATION
    if isinstance(event, AssistantReplied | AssistantFailed):
        return turn is not None and (turn.cause in BEGUN_BY_US or (turn.cause in GONE_ON and paused))
    if isinstance(event, ActionRequested):
        return paused
    return isinstance(event, UNASKED)


def _last_heard(step: Step) -> float:
    """When the customer last wrote, or was last on the phone; long ago where they never did."""
    call = step.session.call
    return max([0.0, *map(float, step.session.texts_in[-1:]), (call.ended_at or 0.0) if call else 0.0])
