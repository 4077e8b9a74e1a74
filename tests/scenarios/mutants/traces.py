"""What a play comes by: rows taken and refused, guards and their answers, rows of policies, joint rules.

The tables are replaced by such that leave a trace, while one play runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from channels.twilio.rest import TwilioCarrier
from orchestrator.core import joints, policy, states
from orchestrator.core.machinery import Row, guard_of
from orchestrator.core.step import Step
from tests.scenarios.mutants.damages import TABLES, attribute, tables

Traces = set[str]


@contextmanager
def traced() -> Iterator[Traces]:
    """The traces of what happens inside."""
    found: Traces = set()
    with ExitStack() as stack:
        for name, rows in TABLES.items():
            stack.enter_context(
                tables(name, [_row(found, name, place, row) for place, row in enumerate(rows)])
            )
        inbound = tuple(
            (told, _seen(found, f"inbound {place}", applies), verdict)
            for place, (told, applies, verdict) in enumerate(policy.INBOUND_POLICY)
        )
        words = tuple((word, _seen(found, f"word {word}", applies)) for word, applies in states.JOINT)
        coupled = tuple(
            (told, _seen(found, f"joint {place}", applies), act)
            for place, (told, applies, act) in enumerate(joints.JOINT_RULES)
        )
        stack.enter_context(attribute(policy, "INBOUND_POLICY", inbound))
        stack.enter_context(attribute(states, "JOINT", words))
        stack.enter_context(attribute(joints, "JOINT_RULES", coupled))
        for sends in ("send_message", "place_call"):
            stack.enter_context(attribute(TwilioCarrier, sends, _called(found, sends)))
        yield found


def _row(found: Traces, name: str, place: int, row: Row) -> Row:
    def taken(_: Step) -> None:
        found.add(f"taken {name} {place}")

    conditions = [_guarded(found, name, place, row)] if row["conditions"] else []
    return {**row, "conditions": conditions, "after": [taken, *row["after"]]}


def _guarded(found: Traces, name: str, place: int, row: Row) -> Callable[[Step], bool]:
    guard, asked = guard_of(row), row["conditions"][0]

    def answered(step: Step) -> bool:
        holds = bool(asked(step))
        found.add(f"guard {guard} {holds}")
        if not holds:
            found.add(f"refused {name} {place}")
        return holds

    answered.__name__ = guard
    return answered


def _seen(found: Traces, trace: str, applies: Callable[..., bool]) -> Callable[..., bool]:
    def asked(*given: Any) -> bool:
        holds = applies(*given)
        if holds:
            found.add(trace)
        return holds

    return asked


def _called(found: Traces, sends: str) -> Any:
    once = getattr(TwilioCarrier, sends)

    async def called(self: TwilioCarrier, *given: Any, **fields: Any) -> Any:
        found.add(sends)
        return await once(self, *given, **fields)

    return called
