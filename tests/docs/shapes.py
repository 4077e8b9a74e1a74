"""The shape of a turn request, taken from one that the core makes."""

from __future__ import annotations

from typing import Any

from orchestrator.core.decide import decide
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import CallStarted
from orchestrator.core.numbers import E164
from orchestrator.core.session import Session
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules

OPEN_ENDED = {"context", "event_data", "last_text_error"}
"""Fields whose inside depends on the conversation."""


def a_request() -> dict[str, Any]:
    """What the assistant is asked when a customer calls."""
    ours, customer = E164("+19585550123"), E164("+15550101234")
    rules = Rules(
        assistant="support", phone=PhoneRules(numbers=(ours,)), messaging=MessagingRules(numbers=(ours,))
    )
    event = CallStarted(id="CA1:start", at=1.0, call_sid="CA1", number=ours)
    decision = decide(Session(id="S1", assistant="support", customer=customer), event, 1.0, rules)
    return next(effect.request for effect in decision.effects if isinstance(effect, AskAssistant))


def paths(value: Any, at: str = "") -> set[str]:
    """The names of all fields, those inside of others with a dot."""
    if not isinstance(value, dict) or at in OPEN_ENDED:
        return {at}
    inside = {path for name, entry in value.items() for path in paths(entry, f"{at}.{name}".strip("."))}
    return inside | ({at} if at else set())
