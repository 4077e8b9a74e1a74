"""The clocks of a running service: the machine's, and one that can be put forward."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass


class SystemClock:
    """`orchestrator.ports.Clock` on the machine's time."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Until that much time has passed."""
        await asyncio.sleep(seconds)


@dataclass(slots=True, eq=False)
class Sleeper:
    """Somebody who waits until a moment. `task` is the name of the task that does."""

    until: float
    seconds: float
    task: str
    woken: asyncio.Future[None]
    timer: asyncio.TimerHandle | None = None


class MovableClock:
    """`orchestrator.ports.Clock` that runs with the machine's time, as far ahead of it as it was put forward.
    It never goes back.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._sleepers: set[Sleeper] = set()

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Until that much time has passed, or was passed over."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        task = asyncio.current_task()
        woken = asyncio.get_running_loop().create_future()
        sleeper = Sleeper(self.now() + seconds, seconds, task.get_name() if task else "", woken)
        self._sleepers.add(sleeper)
        self._set(sleeper)
        try:
            await sleeper.woken
        finally:
            self._sleepers.discard(sleeper)
            if sleeper.timer is not None:
                sleeper.timer.cancel()

    @property
    def sleepers(self) -> frozenset[Sleeper]:
        """Everybody who waits."""
        return frozenset(sleeper for sleeper in self._sleepers if not sleeper.woken.done())

    def jump(self, seconds: float) -> None:
        """Put it forward, and wake whose moment has come."""
        self._ahead += max(0.0, seconds)
        for sleeper in self.sleepers:
            self._set(sleeper)

    def _set(self, sleeper: Sleeper) -> None:
        if sleeper.timer is not None:
            sleeper.timer.cancel()
        left = sleeper.until - self.now()
        sleeper.timer = asyncio.get_running_loop().call_later(max(0.0, left), _wake, sleeper)


def _wake(sleeper: Sleeper) -> None:
    if not sleeper.woken.done():
        sleeper.woken.set_result(None)
