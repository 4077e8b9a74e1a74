"""A bound on the turns of one assistant: a stuck one cannot starve the others, or this process.

At most `concurrent` turns are asked at once, at most `waiting` more wait for a place. `is_full` is
what the house looks at before it takes more: texts are then refused early (503, the carrier tries
again), and callers are told to call later.
"""

from __future__ import annotations

import asyncio

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.ports import Assistant


class BoundedAssistant:
    """`orchestrator.ports.Assistant` with a bound around another one."""

    def __init__(self, inner: Assistant, *, concurrent: int, waiting: int) -> None:
        self._inner = inner
        self._places = asyncio.Semaphore(concurrent)
        self._limit = concurrent + waiting
        self._inside = 0

    def is_full(self) -> bool:
        """Whether a further turn would be refused."""
        return self._inside >= self._limit

    async def ask(self, ask: AskAssistant) -> AssistantReplied:
        """Ask when a place is free; `overloaded` if even the waiting room is full."""
        if self.is_full():
            raise AssistantError("overloaded", retryable=False)
        self._inside += 1
        try:
            async with self._places:
                return await self._inner.ask(ask)
        finally:
            self._inside -= 1

    async def close(self) -> None:
        """Close the one inside."""
        await self._inner.close()
