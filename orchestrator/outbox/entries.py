"""An outbox entry as it is stored: an effect, and whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from orchestrator.core import codec
from orchestrator.core.effects import Outbound


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be performed, for which assistant and customer."""

    assistant: str
    customer: str | None
    effect: Outbound

    def payload(self) -> str:
        """The entry as the store takes it."""
        stored = {"assistant": self.assistant, "customer": self.customer, "effect": codec.dump(self.effect)}
        return json.dumps(stored, separators=(",", ":"), ensure_ascii=False)


def read_entry(payload: str) -> Entry:
    """The entry that waited."""
    stored = json.loads(payload)
    effect: Outbound = codec.load(Outbound, stored["effect"])
    return Entry(stored["assistant"], stored["customer"], effect)
