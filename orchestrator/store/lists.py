"""Lists for the API and the console: written behind the commit, read across all partitions.

Lost at worst, never wrong for long: nothing decides by them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from orchestrator.core.sought import WORDS_BOUND, head_of, words_in
from orchestrator.ports.records import Address, Behind
from orchestrator.store.keys import LINES_BOUND, LISTED_STATES, LOG_BOUND, OPEN_GRACE, REFUSED_BOUND
from orchestrator.store.log import Log
from orchestrator.store.packing import ms, unpack
from orchestrator.store.pages import UNIQUE, Place, newest_first
from orchestrator.store.scripts import script
from orchestrator.store.sessions import SessionLists

TURN = 100
"""Lines that are read in one go: half a millisecond."""


class Lists(SessionLists, Log):
    """`write_behind` of the store, and `orchestrator.ports.Reader`."""

    async def write_behind(self, address: Address, behind: Behind) -> None:
        """Lists, indexes and the timeline."""
        keys, args = self._list_keys(address.partition, behind), self._list_args(address, behind)
        written = self.link.run(script("behind"), keys, args)
        if behind.before and behind.before != behind.state:
            await asyncio.gather(written, self.count_move(address.partition, behind))
        else:
            await written

    async def session(self, session_id: str) -> tuple[Address, dict[str, Any]] | None:
        """Where a session lives and its summary."""
        partition = self._partition(session_id)
        if partition is None:
            return None
        stored = await self.link.call("HGET", self.keys.of(partition, "sum"), session_id)
        if stored is None:
            return None
        customer, _, summary = stored.decode().partition("\n")
        return Address(partition, customer), json.loads(summary)

    async def events(self, session_id: str, after: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """Timeline lines of a session, oldest first, after a line's id."""
        partition = self._partition(session_id)
        if partition is None:
            return []
        stored = await self.link.call("ZRANGE", self.keys.lines(partition, session_id), 0, -1)
        lines = [json.loads(line) for line in stored]
        place = _place(after)
        return [line for line in lines if _place(line["id"]) > place][:limit]

    async def recent(self, session_ids: Sequence[str], most: int) -> list[list[dict[str, Any]]]:
        """The newest lines of each session, oldest first: `most` of each, in one trip."""
        partitions = [self._partition(session_id) for session_id in session_ids]
        commands = [
            ("ZREVRANGE", self.keys.lines(partition or 0, session_id), 0, most - 1)
            for partition, session_id in zip(partitions, session_ids, strict=True)
        ]
        stored = await self.link.many(commands)
        return [await self._read(lines) for lines in stored]

    async def _read(self, stored: Sequence[bytes]) -> list[dict[str, Any]]:
        """Lines that come newest first; after many, whoever else waits has a turn."""
        if len(stored) > TURN:
            await asyncio.sleep(0)
        return [json.loads(line) for line in reversed(stored)]

    async def refusals(self, *, limit: int = 50, cursor: str = "") -> tuple[list[dict[str, Any]], str | None]:
        """Texts that were turned away, newest first."""
        indexes = [self.keys.of(partition, "refused") for partition in range(self.partitions)]
        page = await newest_first(self.link, indexes, max(limit, 1), Place.read(cursor))
        places = page.places[:limit]
        more = len(page.places) > limit or not page.last
        cursor_after = places[-1].text if more and places else None
        return [json.loads(place.member[UNIQUE:]) for place in places], cursor_after

    async def document(self, address: Address) -> str | None:
        """The stored session document of a customer."""
        return unpack(await self.link.call("HGET", self.keys.customer(address)[0], "d"))

    async def record(self, session_id: str) -> str | None:
        """The document of a session that ended, for the retention time."""
        partition = self._partition(session_id)
        if partition is None:
            return None
        return unpack(await self.link.call("GET", self.keys.record(partition, session_id)))

    def _list_keys(self, partition: int, behind: Behind) -> list[str]:
        of = self.keys.of
        return [
            of(partition, "sum"),
            self.keys.index(partition, "live"),
            of(partition, "log"),
            of(partition, "refused"),
            self.keys.lines(partition, behind.session_id),
            of(partition, "find"),
            *(self.keys.index(partition, state) for state in LISTED_STATES),
        ]

    def _list_args(self, address: Address, behind: Behind) -> list[Any]:
        place = LISTED_STATES.index(behind.state) + 7 if behind.state in LISTED_STATES else 0
        return [
            self._now(),
            behind.session_id,
            address.customer,
            behind.summary,
            behind.state,
            ms(behind.score),
            ms(self.lifetimes.retention),
            ms(OPEN_GRACE),
            LINES_BOUND,
            LOG_BOUND,
            REFUSED_BOUND,
            place,
            head_of(json.loads(behind.summary)) if behind.summary else "",
            WORDS_BOUND,
            len(behind.lines),
            *behind.lines,
            *(words_in(json.loads(line)) for line in behind.lines),
            *(_named(refusal) for refusal in behind.refusals),
        ]


def _place(line_id: str) -> tuple[int, ...]:
    """Ids of lines in their order: version and place in its change; nothing where it is no such id."""
    parts = line_id.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() and part.isascii() for part in parts) else ()


def _named(refusal: str) -> str:
    """A refusal behind its digest, so that a cursor can name it without telling what it holds."""
    return hashlib.sha256(refusal.encode()).hexdigest()[:UNIQUE] + refusal
