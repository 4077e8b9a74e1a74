"""Due work: what a crash left behind, timers whose time has come, outbox entries to try again.

Each process looks at all partitions once a second, in one pipeline, at a moment of its own. What a
look returns is hidden from the others for a while, so that there is no herd; it stays in the store
until it is done.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any

import structlog

from orchestrator.core.errors import ContractError, StoreUnavailable
from orchestrator.core.events import TimerFired
from orchestrator.core.session import from_document
from orchestrator.ports import Due, Reader
from orchestrator.runner import House, Runner
from orchestrator.runner.wire import Letter

log = structlog.get_logger("tandem.timers")

EVERY = 1.0
"""Seconds between two looks: what people wait for (a timer, a retry) is at most this late."""
MOST = 1000
"""Due things under way at once in a process: a backlog behind a slow assistant waits in the store."""


class Ticker:
    """Sees to due work until it is stopped."""

    def __init__(self, house: House, runner: Runner, reader: Reader) -> None:
        self._house = house
        self._runner = runner
        self._reader = reader
        self._under_way: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Look once a second, from a random moment on, whatever a look meets: without it nothing is finished
        here that another process left.
        """
        await self._house.clock.sleep(random.random() * EVERY)  # noqa: S311 - spreads processes, guards nothing
        while not self._house.closing:
            try:
                await self.look()
            except StoreUnavailable:
                log.warning("due.store_unavailable")
            except ContractError as error:
                log.exception("due.failed", exc_info=error)
            await self._house.clock.sleep(EVERY)

    async def look(self) -> int:
        """One look at all partitions; how much was due."""
        if len(self._under_way) >= MOST:
            return 0
        store = self._house.store
        found = await asyncio.gather(*(store.poll(partition) for partition in range(store.partitions)))
        due = [item for items in found for item in items]
        for item in due:
            task = self._house.spawn(self._see_to(item), f"due-{item.kind}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(due)

    async def _see_to(self, due: Due) -> None:
        if due.kind == "i":
            await self._runner.drain(due.address)
        elif due.kind == "o":
            await self._runner.outbox.due(due.address, due.name)
        else:
            await self._fire(due)

    async def _fire(self, due: Due) -> None:
        """A timer becomes an event with an id of its own, so that it is decided once."""
        document = await self._reader.document(due.address)
        if document is None:
            return
        session = from_document(document)
        at = session.timers.get(due.name)
        if at is None or session.assistant not in self._house.lines:
            return
        event = TimerFired(id=f"timer:{due.name}:{int(at * 1000)}", at=at, name=due.name, due_at=at)
        letter = Letter(session.assistant, session.customer, event)
        if not await self._runner.deliver(due.address, letter):
            await self._runner.drain(due.address)
