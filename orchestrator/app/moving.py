"""Putting the clock of a simulated service forward, as time itself would pass: from one thing that is due to
the next, and each is over before the next one comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx

from orchestrator.app.clock import MovableClock, Sleeper
from orchestrator.ports.simulation import CannotError
from orchestrator.timers import EVERY

PERIODIC = frozenset({"ticker", "sweeper"})
"""Tasks that look whether something is due; that they look is nothing that happens."""
LONGEST = 7 * 86_400.0
"""Seconds of one move at most: as long as an ended session is kept."""
CALM = 0.005
"""Seconds between two looks whether anything goes on."""
LOOKS = 4
"""Looks in a row that find nothing going on, after which what was due is taken to be over."""
PATIENCE = 0.6
"""Seconds of the machine for one step: a slow assistant does not hold the clock."""


class Counted(httpx.AsyncBaseTransport):
    """A way out that knows how many requests are under way."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.under_way = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As the inner one."""
        self.under_way += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self.under_way -= 1

    async def aclose(self) -> None:
        """Close the inner one."""
        await self._inner.aclose()


class Mover:
    """Moves one clock. `next_due` tells when the store has something to be looked at, `is_busy` whether
    anything goes on, `is_watched` whether somebody looks once a second for what is due: a call's socket does.
    """

    def __init__(
        self,
        clock: MovableClock,
        *,
        next_due: Callable[[], Awaitable[float | None]],
        is_busy: Callable[[], bool],
        is_watched: Callable[[], bool] = lambda: False,
    ) -> None:
        self._clock = clock
        self._next_due = next_due
        self._is_busy = is_busy
        self._is_watched = is_watched
        self._one_at_a_time = asyncio.Lock()

    async def advance(self, seconds: float) -> None:
        """Move on. Raises `CannotError` for more than `LONGEST`, or while it is being moved."""
        if not 0 < seconds <= LONGEST:
            raise CannotError(f"The clock moves by up to {LONGEST / 86_400:g} days at once.")
        if self._one_at_a_time.locked():
            raise CannotError("The clock is being moved already.")
        async with self._one_at_a_time:
            await self._calm()
            end = self._clock.now() + seconds
            while (now := self._clock.now()) < end:
                self._clock.jump(min(end, await self._next(now, end)) - now)
                await self._calm()

    async def _next(self, now: float, end: float) -> float:
        """The next moment at which something happens. What is due already is seen to by whoever wakes next."""
        due, waiting = await self._next_due(), self._clock.sleepers
        if due is not None and due <= now:
            return min((each.until for each in waiting if each.until > now), default=now + EVERY)
        moments = [each.until for each in waiting if each.until > now and happens(each)]
        moments += [due] if due is not None else []
        moments += [now + EVERY] if self._is_watched() else []
        return min([*moments, end])

    async def _calm(self) -> None:
        """Until nothing goes on any more, or for as long as patience lasts."""
        loop = asyncio.get_running_loop()
        until, calm = loop.time() + PATIENCE, 0
        while calm < LOOKS and loop.time() < until:
            await asyncio.sleep(CALM)
            calm = 0 if self._is_busy() else calm + 1


def happens(sleeper: Sleeper) -> bool:
    """Whether something happens when it wakes: it does not only look at what others did."""
    return sleeper.task not in PERIODIC and sleeper.seconds > EVERY
