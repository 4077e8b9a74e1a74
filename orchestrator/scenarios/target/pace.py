"""Real time for a play: what the stage's loop does in virtual time is waited for here.

`go_on` returns when nothing has moved for a moment and nobody is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

QUIET = 0.15
"""Seconds without a request in either direction, after which what was caused is taken to be done."""
LOOK = 0.02
"""Seconds between two looks."""
STEP = 0.2
"""Seconds from one look at what is right by now to the next."""
LONGEST = 30.0
"""Seconds that one request may keep a play waiting."""


class Pace:
    """Stands where the stage has its virtual loop. `is_busy` tells whether a request is under way that
    somebody has to answer; `touch` that something has moved.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []
        self.is_busy: Callable[[], bool] = lambda: False
        self._moved = 0.0

    def time(self) -> float:
        """Seconds of the running loop."""
        return asyncio.get_running_loop().time()

    def create_future(self) -> asyncio.Future[None]:
        """As the loop's."""
        return asyncio.get_running_loop().create_future()

    def outside(self) -> AbstractContextManager[None]:
        """Real time passes anyway."""
        return nullcontext()

    def touch(self) -> None:
        """Something has moved."""
        self._moved = self.time()

    def next_timer(self) -> float:
        """When to look again."""
        return self.time() + STEP

    async def go_on(self, until: float | None = None) -> None:
        """Wait until that moment, and until all is quiet."""
        if until is None:
            self.touch()  # what was just done may have yet to leave
        else:
            await asyncio.sleep(max(0.0, until - self.time()))
        give_up = self.time() + LONGEST
        while self.time() < give_up and (self.is_busy() or self.time() < self._moved + QUIET):  # noqa: ASYNC110 - quiet is that no event comes
            await asyncio.sleep(LOOK)
