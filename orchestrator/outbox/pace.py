"""How fast calls leave: each of our numbers places no more a second than its assistant's rules allow.

Each process keeps its own pace; what several place together beyond the carrier's limit waits in the
carrier's own queue (Twilio: calls above the account's calls per second are queued).
"""

from __future__ import annotations

from orchestrator.core.effects import Outbound, PlaceCall


class Pace:
    """When the next call of each number may leave."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def wait(self, effect: Outbound, now: float, per_second: float) -> float:
        """Seconds that the effect has to wait; with 0 it leaves now, and the number's next one after it."""
        if not isinstance(effect, PlaceCall):
            return 0.0
        free_at = self._free_at.get(effect.sender, now)
        if free_at > now:
            return free_at - now
        self._free_at[effect.sender] = now + 1.0 / per_second
        return 0.0
