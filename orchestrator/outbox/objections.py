"""What keeps an entry from being attempted, or holds it up, at the moment of the attempt."""

from __future__ import annotations

from orchestrator.core.effects import Outbound, PlaceCall, SendMessage
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.outcomes import is_too_late
from orchestrator.outbox.ways import Ways
from orchestrator.ports import Store


class Objections:
    """Asks the store where an entry alone does not tell."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def to(self, entry: Entry, now: float) -> str:
        """Why the attempt must not be made any more, or an empty word."""
        effect = entry.effect
        if isinstance(effect, SendMessage) and effect.blocked:
            return effect.blocked
        if is_too_late(effect, now):
            return "expired"
        return "opted_out" if await self._has_stopped(entry) else ""

    async def _has_stopped(self, entry: Entry) -> bool:
        """Whether another recipient than the customer opted out; the customer's consent was the claim's."""
        message = entry.effect
        if not isinstance(message, SendMessage) or message.to == entry.customer:
            return False
        recipient = self._store.address(entry.assistant, message.to)
        return await self._store.consent(recipient) == "opted_out"

    async def others(self, effect: Outbound, ways: Ways) -> float:
        """Seconds that a call has to wait for one that another process has just placed from its number."""
        if not isinstance(effect, PlaceCall):
            return 0.0
        return await self._store.take_slot(f"call {effect.sender}", 1.0 / ways.calls_per_second)
