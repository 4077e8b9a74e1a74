"""The carrier's queue of each of our numbers, as long as we made it, and which texts wait here for room in it.

A carrier takes texts at once and sends them at the rate of the number (Twilio: a long code 1 segment a
second), the rest waits in its queue, where nothing can be taken back. So texts are handed over while that
queue is short, `ahead` seconds at most, and wait here otherwise: under our eyes, and failed by a STOP.

The queue's length is reckoned from what this process handed over; several processes have queues of their
own each.
"""

from __future__ import annotations

from dataclasses import dataclass

FORGOTTEN = 600.0
"""Seconds after its turn in which a text must come back; another process sent it otherwise."""
MANY = 10_000
"""Texts that wait, from which on those are looked for that will not come back."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` segments leave the carrier's queue, 0 as many as come; it is filled `ahead` seconds far."""

    per_second: float
    ahead: float


@dataclass(frozen=True, slots=True)
class Length:
    """Of a number's queue: the segments that wait, here and at the carrier, how long they take in seconds, and
    the texts that wait here.
    """

    segments: int
    seconds: float
    texts_here: int


@dataclass(frozen=True, slots=True)
class _Turn:
    sender: str
    at: float


class Queues:
    """One queue a number. `key` names a text; times are Unix seconds."""

    def __init__(self) -> None:
        self._empty_at: dict[str, tuple[float, float]] = {}  # by number: when, and at which rate
        self._turns: dict[str, _Turn] = {}

    def wait(self, key: str, sender: str, segments: int, now: float, rate: Rate) -> float:
        """Seconds that a text has to wait here; with 0 it leaves now. A text that waited has its turn."""
        turn = self._turns.get(key)
        if turn is not None:
            if turn.at <= now:
                del self._turns[key]
            return max(0.0, turn.at - now)
        if rate.per_second <= 0:
            return 0.0
        begins = max(now, self._empty_at.get(sender, (now, 0.0))[0])
        self._empty_at[sender] = (begins + segments / rate.per_second, rate.per_second)
        wait = begins - rate.ahead - now
        if wait <= 0:
            return 0.0
        self._forget(now)
        self._turns[key] = _Turn(sender, now + wait)
        return wait

    def lengths(self, now: float) -> dict[str, Length]:
        """The queues that are not empty."""
        found = {}
        for sender, (empty_at, rate) in self._empty_at.items():
            if (seconds := empty_at - now) > 0:
                here = sum(turn.sender == sender and turn.at > now for turn in self._turns.values())
                found[sender] = Length(round(seconds * rate), seconds, here)
        return found

    def _forget(self, now: float) -> None:
        if len(self._turns) >= MANY:
            self._turns = {key: turn for key, turn in self._turns.items() if turn.at + FORGOTTEN > now}
