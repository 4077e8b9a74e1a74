"""How often and how long an assistant is asked: the same for every kind.

In a call the caller waits, so that the time-out holds over all tries together; by text each try has
it to itself. Nothing here knows how an assistant is reached.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.ports.world import Clock

T = TypeVar("T")
_PAUSE = 0.5  # seconds between tries: a restarting assistant is often back, and a caller hardly notices


@dataclass(frozen=True, slots=True)
class Tries:
    """`timeout` in seconds, `live_timeout` that of a call (0: the same), and the number of `retries` after the
    first try.
    """

    clock: Clock
    timeout: float = 30.0
    retries: int = 1
    live_timeout: float = 0.0

    async def run(self, ask: AskAssistant, once: Callable[[float], Coroutine[Any, Any, T]]) -> T:
        """What `once(seconds left)` gives, tried again while its error is `retryable`."""
        deadline = self.clock.now() + (self.live_timeout or self.timeout)
        for attempt in range(self.retries + 1):
            left = deadline - self.clock.now() if ask.live else self.timeout
            try:
                return await within(self.clock, left, once(left))
            except AssistantError as error:
                spent = ask.live and deadline - self.clock.now() <= _PAUSE
                if attempt == self.retries or not error.retryable or spent:
                    raise
            await self.clock.sleep(_PAUSE)
        raise AssertionError("the last try returns or raises")


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, or an `AssistantError` of reason `timeout` once `seconds` have passed."""
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(clock.sleep(max(0.0, seconds)))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise AssistantError("timeout", f"no answer within {seconds:.1f} s")
    finally:
        await _stop(task, timer)


class Limit:
    """`async with Limit(clock, seconds)`: what is still at work then is given up, as by `within`, in the same task."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._is_over = False
        self._task: asyncio.Task[Any] | None = None
        self._timer: asyncio.Future[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.current_task()
        self._timer = asyncio.ensure_future(self._clock.sleep(self._seconds))
        self._timer.add_done_callback(self._due)

    def _due(self, timer: asyncio.Future[None]) -> None:
        if not timer.cancelled() and self._task is not None:
            self._is_over = True
            self._task.cancel()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_over and self._task is not None:
            others = self._task.uncancel()
            if kind is asyncio.CancelledError and not others:
                raise AssistantError("timeout", f"no end within {self._seconds:.1f} s") from None


async def _stop(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
