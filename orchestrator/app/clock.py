"""The clock of a running service."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """`orchestrator.ports.Clock` on the machine's time."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Until that much time has passed."""
        await asyncio.sleep(seconds)
