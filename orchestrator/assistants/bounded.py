"""A bound on the turns of one assistant: a stuck one cannot starve the others, or this process.

At most `concurrent` turns are asked at once; the others wait for a place, in order. The bound is kept
at the door: `is_full` is what the house looks at before it takes more, and then texts are refused
early (503, the carrier tries again) and callers are told to call later. What was taken is never
refused here, however much of it a crash or an outage has left: a text that was acknowledged is
answered late rather than not. Only a caller does not wait for longer than `LIVE_WAIT`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.ports import Assistant
from orchestrator.ports.world import Heard

LIVE_WAIT = 30.0
"""Seconds that a turn of a live call waits for a place; the caller hears fillers meanwhile. As long as
a silent assistant is waited for.
"""


Arrive = Callable[[AskAssistant], Callable[[], None]]
"""Raises for a turn that need not wait for a place, as it would be refused there; what it returns is called once the
turn has its place, and may raise as well."""


def refuse_none(_: AskAssistant) -> Callable[[], None]:
    """Every turn may wait."""
    return lambda: None


class BoundedAssistant:
    """`orchestrator.ports.Assistant` with a bound around another one, which `arrive` may keep a turn from."""

    def __init__(
        self,
        inner: Assistant,
        *,
        concurrent: int,
        waiting: int,
        live_wait: float = LIVE_WAIT,
        arrive: Arrive = refuse_none,
    ) -> None:
        self._inner = inner
        self._places = asyncio.Semaphore(concurrent)
        self._limit = concurrent + waiting
        self._live_wait = live_wait
        self._arrive = arrive
        self._inside = 0

    def is_full(self, arriving: int = 0) -> bool:
        """Whether nothing more should be taken, when `arriving` turns are on their way here."""
        return self._inside + arriving >= self._limit

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """Ask when a place is free; `overloaded` if a live call has waited too long for one."""
        look_again = self._arrive(ask)
        self._inside += 1
        try:
            await self._take_place(ask)
            try:
                look_again()
                return await self._inner.ask(ask, heard)
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def close(self) -> None:
        """Close the one inside."""
        await self._inner.close()

    async def _take_place(self, ask: AskAssistant) -> None:
        try:
            async with asyncio.timeout(self._live_wait if ask.live else None):
                await self._places.acquire()
        except TimeoutError:
            raise AssistantError("overloaded", retryable=False) from None
