"""An event loop whose time jumps: when nothing can run, the next sleeper's moment is now.

A conversation of minutes runs in milliseconds, in the same order each time. Nothing here knows of
Tandem.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
START = 1_750_000_000.0
"""Unix seconds at which every run begins."""


OWN = 1
"""Files that a loop looks at by itself: what wakes it from another thread. With no other there is nothing to see."""


class StuckError(AssertionError):
    """Everybody waits and nobody sleeps: nothing can ever happen again."""


class _Jumping(selectors.DefaultSelector):
    """Moves the loop's time instead of waiting."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """What is ready now; the time that would have been waited is over."""
        if timeout is None:
            raise StuckError
        if timeout > 0:
            self.passed += timeout
        return super().select(0) if len(self.get_map()) > OWN else []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop; its clock is the selector's."""

    def __init__(self) -> None:
        self.jumping = _Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Seconds since the loop began."""
        return self.jumping.passed


def now() -> float:
    """Unix seconds in the running loop."""
    return START + asyncio.get_running_loop().time()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in a loop of its own, then drop whatever it left running."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_alone(work))
    finally:
        loop.close()


async def _alone(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    finally:
        await drop_all()


async def drop_all() -> None:
    """End every task but this one."""
    for _ in range(20):  # a cancelled task may begin a last one
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if not left:
            break
