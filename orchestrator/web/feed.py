"""The log of all sessions as one process follows it: one look at the store serves every listener."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Sequence

from orchestrator.ports import Clock, Logged, Reader

LOOK_EVERY = 0.3
"""Seconds between looks while somebody listens: 256 short reads in one trip."""
KEPT = 5_000
"""Lines kept for listeners that come back: 25 seconds at 200 a second."""
STALE = 10.0
"""Seconds after which what is kept is dropped rather than continued: nobody listened meanwhile."""
BATCH = 500


class Feed:
    """`await feed.after(place)`: the lines since a place, and the place reached."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = float("-inf")
        self._begins = self._reached = ""
        self._kept: list[Logged] = []

    async def after(self, place: str) -> tuple[Sequence[Logged], str]:
        """Lines of all sessions after a place, oldest first, `BATCH` at most; without a place, none yet."""
        await self._look()
        if not place:
            return (), self._reached
        if _rank(place) < _rank(self._begins):
            return await self._reader.log(place, BATCH)
        start = bisect_right(self._kept, _rank(place), key=lambda line: _rank(line.place))
        found = self._kept[start : start + BATCH]
        if start + BATCH < len(self._kept):
            return found, found[-1].place
        return found, max(place, self._reached, key=_rank)

    async def _look(self) -> None:
        """Read on, unless that was done just now; whoever comes meanwhile waits for the same look."""
        if self._looking is None:
            if self._clock.now() - self._looked_at < LOOK_EVERY / 2:
                return
            self._looking = asyncio.ensure_future(self._read_on())
            self._looking.add_done_callback(self._done)
        await asyncio.shield(self._looking)

    def _done(self, look: asyncio.Task[None]) -> None:
        self._looking = None
        if not look.cancelled():
            look.exception()  # those who wait are told; nobody may be left

    async def _read_on(self) -> None:
        if self._clock.now() - self._looked_at > STALE:
            _, self._begins = await self._reader.log()
            self._kept, self._reached = [], self._begins
        more = True
        while more:
            found, self._reached = await self._reader.log(self._reached, BATCH)
            self._kept += found
            more = len(found) == BATCH
        if len(self._kept) > KEPT:
            gone = len(self._kept) - KEPT
            self._begins = self._kept[gone - 1].place
            del self._kept[:gone]
        self._looked_at = self._clock.now()


def _rank(place: str) -> tuple[int, ...]:
    """Places in their order: time, partition, sequence."""
    return tuple(map(int, place.split("-")))
