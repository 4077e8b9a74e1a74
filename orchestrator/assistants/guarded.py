"""What stands around every kind of assistant: a bound, a breaker, a time limit, and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from orchestrator.assistants.bounded import BoundedAssistant
from orchestrator.assistants.breaker import Breaker, GuardedAssistant, State
from orchestrator.assistants.observed import ObservedAssistant
from orchestrator.ports import Assistant, Clock, Observer

_log = structlog.get_logger("tandem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Fields as in `backend` of the configuration; durations in seconds."""

    max_concurrent: int = 64
    max_waiting: int = 256
    turn_limit: float = 300.0
    breaker_failures: int = 5
    breaker_pause: float = 5.0


def guarded(
    inner: Assistant,
    guards: Guards,
    *,
    name: str,
    clock: Clock,
    observer: Observer,
    hooked: Callable[[Assistant], Assistant] = lambda inner: inner,
) -> BoundedAssistant:
    """The assistant `name` as the house asks it. `hooked` sets it between its hooks: they are no fault of its own."""

    def changed(state: State) -> None:
        observer.breaker(name, state)
        _log.warning("assistant.breaker", assistant=name, state=state)

    breaker = Breaker(clock, failures=guards.breaker_failures, pause=guards.breaker_pause, tell=changed)
    observer.breaker(name, breaker.state)
    observed = ObservedAssistant(inner, name, observer, clock)
    return BoundedAssistant(
        hooked(GuardedAssistant(observed, breaker, clock, limit=guards.turn_limit)),
        concurrent=guards.max_concurrent,
        waiting=guards.max_waiting,
        arrive=breaker.arrive,
    )
