"""The decision: one session and one event give the next session and what is to be done.

Pure: the same arguments give the same decision, and nothing else is read or written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from orchestrator.core import joints, rules
from orchestrator.core.effects import Effect
from orchestrator.core.events import Event
from orchestrator.core.session import Session
from orchestrator.core.settings import Rules
from orchestrator.core.states import joint_state
from orchestrator.core.step import Step


@dataclass(frozen=True, slots=True)
class Decision:
    """The next session, the effects in order, and why nothing happened if nothing did."""

    session: Session
    effects: tuple[Effect, ...] = ()
    ignored: str = ""
    fired: tuple[str, ...] = ()


def decide(session: Session, event: Event, now: float, settings: Rules) -> Decision:
    """Decide one event. An event that no machine takes leaves the session as it is."""
    step = Step.of(session, event, now, settings)
    name = type(event).__name__
    if not rules.take(step, name):
        return Decision(session, ignored=why_ignored(name))
    joints.settle(step)
    decided = step.current
    if joint_state(decided) != "idle":
        decided = replace(decided, last_event_at=now)
    return Decision(decided, tuple(step.effects), fired=tuple(step.fired))


def why_ignored(event: str) -> str:
    """The reason that stands on record when no machine takes the event."""
    return rules.IGNORED[rules.OWNER[event]][event]
