"""A clock that stands still until a test moves it; sleepers wake in the order of their time."""

from __future__ import annotations

import asyncio
from itertools import count


class FakeClock:
    """`now` starts at a fixed moment. `advance` moves on and lets woken tasks run."""

    def __init__(self, start: float = 1_750_000_000.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._places = count()  # no two sleepers are alike, so that futures are never compared

    def now(self) -> float:
        """Unix seconds."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Until the test has moved on that far; no time at all only yields."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + seconds, next(self._places), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move on, stopping at each sleeper's moment."""
        end = self._now + seconds
        await settle()
        while due := self._next(end):
            self._now = max(self._now, due[0])
            due[2].set_result(None)
            await settle()
        self._now = end
        await settle()

    def _next(self, end: float) -> tuple[float, int, asyncio.Future[None]] | None:
        self._sleepers = [entry for entry in self._sleepers if not entry[2].done()]
        return min((entry for entry in self._sleepers if entry[0] <= end), default=None)


async def settle() -> None:
    """Let every task that can run do so."""
    for _ in range(30):
        await asyncio.sleep(0)
