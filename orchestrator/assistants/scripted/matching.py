"""Two choices of the player: which answer the customer gave, and which variant is said."""

from __future__ import annotations

import hashlib

from orchestrator.assistants.scripted.conditions import View, holds
from orchestrator.assistants.scripted.model import Data, Emit, Wait
from orchestrator.assistants.scripted.slots import yes_or_no
from orchestrator.assistants.scripted.where import Place
from orchestrator.core.choices import choose


def matched(wait: Wait, view: View) -> int | None:
    """The operation that the customer's words lead to, or None if no option and no rule holds."""
    if wait.kind != "choose":
        return next((target for condition, target in wait.rules if holds(condition, view)), None)
    pairs = [(label, str(target)) for label, target in wait.options]
    chosen = choose(view.text, pairs, digits=view.input_type == "dtmf")
    if chosen is None and (agreed := yes_or_no(view.text)):
        chosen = choose(agreed, pairs, digits=False)  # `right` is a yes where there is one
    return int(chosen) if chosen else None


def variant(op: Emit, place: Place, turn_id: str, seen: dict[str, int]) -> list[dict[str, Data]]:
    """The items to send. Chance is drawn from the turn's id: a turn asked again says the same."""
    name, size = f"{place[0]}:{place[1]}", len(op.variants)
    if op.pick == "random":
        digest = hashlib.sha256(f"{turn_id}:{name}".encode()).digest()
        return list(op.variants[digest[0] % size])
    if op.pick == "in_turn":
        times = seen.get(name, 0)
        seen[name] = min(times + 1, size)
        return list(op.variants[min(times, size - 1)])
    return list(op.variants[0])
