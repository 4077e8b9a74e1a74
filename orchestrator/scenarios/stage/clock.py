"""The clock of a play: Unix time over the loop's virtual seconds."""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from orchestrator.scenarios.stage.loop import VirtualLoop


class VirtualClock:
    """`orchestrator.ports.Clock`. Moments are whole milliseconds, as the store keeps them."""

    def __init__(self, loop: VirtualLoop, start: float, zone: str = "UTC") -> None:
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
