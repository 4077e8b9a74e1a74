"""The log of all sessions as one: lines of every partition in one order that a reader can go on from.

A line's place is (time in ms, partition, sequence). Lines of the last `HELD_BACK` are not told yet: a
partition may still get one of that time, from another node's clock. So whatever was told is complete up
to its place, and a reader that comes back with it gets each later line once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from orchestrator.ports.records import Behind, Logged
from orchestrator.store.base import Base
from orchestrator.store.keys import LISTED_STATES, SCHEMA
from orchestrator.store.packing import ms
from orchestrator.store.scripts import script

HELD_BACK = 100
"""Milliseconds: above the skew of clocks that a time daemon keeps."""
FLOW_KEPT = 172_800
"""Seconds that the counts of a day are kept: until that day is over everywhere."""
Rank = tuple[int, int, int]


class Log(Base):
    """`log`, `flow` and `counts` of `orchestrator.ports.Reader`."""

    has_running_clock = False
    """Whether a clock that was given goes on by itself: what is written is then a moment late, as on a server."""

    async def log(self, after: str = "", limit: int = 500) -> tuple[list[Logged], str]:
        """Lines of all sessions after a place, oldest first, and the place reached; without a place only
        the present one.
        """
        place, until = read_place(after), await self._complete_until()
        if place is None:
            return [], write_place((until, self.partitions, 0))
        if until < place[0]:
            return [], after
        found = await self._between(place, until, limit)
        if len(found) > limit:
            found = found[:limit]
            return [_logged(rank, fields) for rank, fields in found], write_place(found[-1][0])
        return [_logged(rank, fields) for rank, fields in found], write_place((until, self.partitions, 0))

    async def flow(self, day: str = "") -> dict[str, int]:
        """How often each move was made on a day (UTC, `2026-11-24`; today unless given), by `before>after`."""
        name = f"flow:{day or self._day(await self._server_ms())}"
        found = await self.link.many(
            [("HGETALL", self.keys.of(partition, name)) for partition in range(self.partitions)]
        )
        total: dict[str, int] = {}
        for pairs in found:
            for move, times in _pairs(pairs):
                total[move] = total.get(move, 0) + times
        return total

    async def counts(self) -> dict[str, int]:
        """How many sessions there are of each state that is listed."""
        names = [state for state in LISTED_STATES if state != "ended"]
        places = [(state, p) for state in names for p in range(self.partitions)]
        found = await self.link.many([("ZCARD", self.keys.index(p, state)) for state, p in places])
        total = dict.fromkeys(names, 0)
        for (state, _), number in zip(places, found, strict=True):
            total[state] += int(number)
        return total

    async def count_move(self, partition: int, behind: Behind) -> None:
        """Count a move for `flow`. It is for eyes: one that a lost answer repeats counts twice."""
        key = self.keys.of(partition, f"flow:{self._day(ms(behind.score))}")
        move = f"{behind.before}>{behind.state}"
        await self.link.many([("HINCRBY", key, move, 1), ("EXPIRE", key, FLOW_KEPT)])

    async def _between(self, place: Rank, until: int, limit: int) -> list[tuple[Rank, Any]]:
        """Lines after `place` up to `until`, in order; more than `limit` if there are more."""
        replies = await self.link.many(
            [
                (
                    "XRANGE",
                    self.keys.of(partition, "log"),
                    _start(place, partition),
                    until,
                    "COUNT",
                    limit + 1,
                )
                for partition in range(self.partitions)
            ]
        )
        found = [
            (_ranked(entry_id, partition), fields)
            for partition, reply in enumerate(replies)
            for entry_id, fields in reply
        ]
        return sorted(found, key=_rank)[: limit + 1]  # a partition that has more gave as many itself

    async def _complete_until(self) -> int:
        stands_still = self._clock is not None and not self.has_running_clock
        return await self._server_ms() - (1 if stands_still else HELD_BACK)

    async def _server_ms(self) -> int:
        if self._clock is not None:
            return ms(self._clock())
        return int(await self.link.run(script("time"), [SCHEMA], []))

    @staticmethod
    def _day(at: int) -> str:
        return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def read_place(text: str) -> Rank | None:
    """A place from its text; None for the empty one and for what is none."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        return None
    at, partition, seq = map(int, parts)
    return (at, partition, seq)


def write_place(rank: Rank) -> str:
    """The text of a place."""
    return "-".join(map(str, rank))


def _start(place: Rank, partition: int) -> str:
    """The first id of a partition that comes after a place."""
    at, last, seq = place
    if partition < last:
        return f"{at + 1}-0"
    return f"{at}-{seq + 1}" if partition == last else f"{at}-0"


def _ranked(entry_id: bytes, partition: int) -> Rank:
    at, _, seq = entry_id.decode().partition("-")
    return int(at), partition, int(seq)


def _rank(entry: tuple[Rank, Any]) -> Rank:
    return entry[0]


def _logged(rank: Rank, fields: Any) -> Logged:
    named = {name.decode(): value for name, value in _flat(fields)}
    return Logged(write_place(rank), named["session"].decode(), json.loads(named["line"]))


def _flat(fields: Any) -> list[tuple[bytes, bytes]]:
    """Names and values, which RESP2 gives flat and RESP3, or a client, as a map."""
    if isinstance(fields, dict):
        return list(fields.items())
    return list(zip(fields[::2], fields[1::2], strict=True))


def _pairs(reply: Any) -> list[tuple[str, int]]:
    return [(name.decode(), int(value)) for name, value in _flat(reply)]
