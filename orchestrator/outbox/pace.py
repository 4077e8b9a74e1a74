"""How fast calls and texts leave: each of our numbers keeps the rate that its assistant's rules allow.

Each process keeps its own pace; that of calls holds over all of them, by a slot in the store. Beyond the
carrier's limit they wait in the carrier's own queue (Twilio: calls above the account's calls per second are queued).
"""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.effects import Outbound, PlaceCall, SendMessage
from orchestrator.core.segments import measure
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.queues import Queues, Rate
from orchestrator.outbox.senders import numbers_left
from orchestrator.outbox.ways import Ways


def put_off(entry: Entry, seconds: float) -> Entry:
    """The entry as it goes later: a text does not age while it waits for its number's sake."""
    effect = entry.effect
    if not isinstance(effect, SendMessage) or not effect.expires_at:
        return entry
    return replace(entry, effect=replace(effect, expires_at=effect.expires_at + seconds))


class Pace:
    """When the next call, or text, of each number may leave. `queues` are those of texts."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self._free_at: dict[str, float] = {}

    def wait(self, key: str, effect: Outbound, now: float, ways: Ways) -> float:
        """Seconds that the effect, named by `key`, has to wait; with 0 it leaves now, and the number's next
        one after it.
        """
        if isinstance(effect, SendMessage):
            rate = Rate(ways.segments_per_second, ways.queue_ahead)
            segments = 1 if effect.media or rate.per_second <= 0 else measure(effect.body).segments
            return self._queues.wait(key, numbers_left(effect, ways)[0], segments, now, rate)
        return self._wait_to_call(effect, now, ways) if isinstance(effect, PlaceCall) else 0.0

    def _wait_to_call(self, call: PlaceCall, now: float, ways: Ways) -> float:
        free_at = self._free_at.get(call.sender, now)
        if free_at > now:
            return free_at - now
        self._free_at[call.sender] = now + 1.0 / ways.calls_per_second
        return 0.0
