"""The clock of a play: Unix time over the loop's virtual seconds."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Time(Protocol):
    """How a play moves on: see `loop`. `attempts` are the hosts that a play must not reach, and tried to."""

    attempts: list[str]

    def time(self) -> float:
        """Seconds."""
        ...

    def next_timer(self) -> float | None:
        """When to go on to."""
        ...

    def create_future(self) -> asyncio.Future[None]:
        """As a loop's."""
        ...

    def outside(self) -> AbstractContextManager[None]:
        """While it is open, something real is waited for."""
        ...

    async def go_on(self, until: float | None = None) -> None:
        """Until all is done that can be."""
        ...


class VirtualClock:
    """`orchestrator.ports.Clock`. Moments are whole milliseconds, as the store keeps them."""

    def __init__(self, loop: Time, start: float, zone: str = "UTC") -> None:
        self.loop = loop
        self.start = start
        self.zone = ZoneInfo(zone)

    def now(self) -> float:
        """Unix seconds."""
        return round(self.start + self.loop.time(), 3)

    async def sleep(self, seconds: float) -> None:
        """Until the play has moved on that far; no time at all only yields."""
        await asyncio.sleep(max(0.0, seconds))

    def at_loop(self, moment: float) -> float:
        """A moment as the loop counts."""
        return moment - self.start

    def shown(self, moment: float) -> str:
        """A moment for people: the time of day, in the play's zone."""
        return datetime.fromtimestamp(moment, self.zone).strftime("%H:%M:%S")

    def minute_of_day(self, moment: float) -> int:
        """0 to 1439, in the play's zone."""
        local = datetime.fromtimestamp(moment, self.zone)
        return local.hour * 60 + local.minute
