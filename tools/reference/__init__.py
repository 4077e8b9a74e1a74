"""The generated parts of the documents, by name; each is a function that returns Markdown."""

from __future__ import annotations

from collections.abc import Callable

from tools.reference import edges, facts, machines

PARTS: dict[str, Callable[[], str]] = {
    "configuration": edges.configuration,
    "answer-items": edges.answer_items,
    "carrier-codes": edges.carrier_codes,
    "events": facts.events,
    "effects": facts.effects,
    "errors": facts.errors,
    "inbound-policy": facts.inbound_policy,
    "joint-states": machines.joint_states,
    "call-machine": lambda: machines.machine("call"),
    "thread-machine": lambda: machines.machine("thread"),
    "consent-machine": lambda: machines.machine("consent"),
    "ignored": machines.ignored,
}
