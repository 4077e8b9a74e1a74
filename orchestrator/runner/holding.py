"""A customer's lease as one shift holds it: renewed while the work lasts, written under, given back."""

from __future__ import annotations

import asyncio
import contextlib

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Commit, Committed, Fenced, Grant
from orchestrator.runner.house import House
from orchestrator.runner.request import FencedError

AGAIN_IN = 1.0
"""Seconds until another shift tries an event that failed: a pause keeps it from spinning."""


class Holding:
    """A lease that was granted. `version` is the session's by the last commit; `is_held` ends with a commit
    that gives the lease up, or with one that came too late.
    """

    def __init__(self, house: House, grant: Grant) -> None:
        self._house = house
        self._grant = grant
        self.version = grant.version
        self.is_held = True

    async def renew(self) -> None:
        """Hold the lease for as long as the work takes; a store that is away is asked again."""
        while True:
            await self._house.clock.sleep(self._house.lease_time / 3)
            with contextlib.suppress(StoreUnavailable):
                if not await self._house.store.renew(self._grant):
                    return

    async def commit(self, change: Commit) -> Committed:
        """Write a change, the only way to. `FencedError`: the lease is someone else's by now."""
        committed = await self._house.store.commit(self._grant, self.version, change)
        if isinstance(committed, Fenced):
            self.is_held = False
            raise FencedError
        self.version, self.is_held = committed.version, change.keep_lease
        return committed

    async def release(self) -> None:
        """The work is done."""
        if self.is_held:
            await self._house.store.release(self._grant)

    async def give_back(self, error: BaseException) -> None:
        """Let another shift try what failed here: at once if this one was told to end."""
        if self.is_held:
            with contextlib.suppress(Exception):
                await self._house.store.release(
                    self._grant, retry_in=0.0 if isinstance(error, asyncio.CancelledError) else AGAIN_IN
                )
