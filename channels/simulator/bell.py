"""Waiting for a change without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Rings at each change; whoever waits looks again, who waited longest first."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], None] = {}

    def ring(self) -> None:
        """Wake everyone who waits."""
        waiting, self._waiting = self._waiting, {}
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once `holds()` is true; it is asked now and at every ring."""
        while not holds():
            future = asyncio.get_running_loop().create_future()
            self._waiting[future] = None
            try:
                await future
            finally:
                self._waiting.pop(future, None)  # who gives up waits no more
