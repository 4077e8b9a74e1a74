"""Lists for the API and the console: written behind the commit, read across all partitions.

Lost at worst, never wrong for long: nothing decides by them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from orchestrator.core.ids import partition_of
from orchestrator.ports.records import Address, Behind
from orchestrator.store.keys import LINES_BOUND, LISTED_STATES, LOG_BOUND, OPEN_GRACE, REFUSED_BOUND
from orchestrator.store.log import Log
from orchestrator.store.packing import ms, unpack
from orchestrator.store.pages import UNIQUE, Page, Place, newest_first
from orchestrator.store.scripts import script

SCAN = 10_000  # sessions one call looks at for a filter, before it hands back a cursor: a tenth of a second

_NO_PROBLEM = (b'"last_text_error":null', b'"last_text_error": null')


class Lists(Log):
    """`write_behind` of the store, and `orchestrator.ports.Reader`."""

    async def write_behind(self, address: Address, behind: Behind) -> None:
        """Lists, indexes and the timeline."""
        keys, args = self._list_keys(address.partition, behind), self._list_args(address, behind)
        written = self.link.run(script("behind"), keys, args)
        if behind.before and behind.before != behind.state:
            await asyncio.gather(written, self.count_move(address.partition, behind))
        else:
            await written

    async def sessions(
        self,
        *,
        states: Sequence[str] = (),
        assistant: str = "",
        q: str = "",
        problems: bool = False,
        limit: int = 50,
        cursor: str = "",
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Session summaries, newest first, without `ended` unless asked for, and the next cursor.

        `q` is a part of the number or of the id. A filter that matches little may give a short page
        with a cursor: it looked at `SCAN` sessions.
        """
        indexes = self._indexes(states)
        found: list[dict[str, Any]] = []
        place, looked = Place.read(cursor), 0
        size = SCAN if q or assistant or problems else max(limit, 1)
        while looked < SCAN:
            page = await newest_first(self.link, indexes, size, place)
            for at, text in await self._summaries(page):
                if len(found) == limit:
                    return found, place.text if place else None
                place, looked = at, looked + 1
                summary = json.loads(text) if _may_match(text, q, problems=problems) else None
                if summary and _matches(summary, states, assistant, q):
                    found.append(summary)
            if page.last:
                return found, None
        return found, place.text if place else None

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
        return [[json.loads(line) for line in reversed(lines)] for lines in stored]

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

    def _partition(self, session_id: str) -> int | None:
        partition = partition_of(session_id)
        return partition if partition is not None and partition < self.partitions else None

    def _indexes(self, states: Sequence[str]) -> list[str]:
        names = [state for state in LISTED_STATES if state in states] if states else ["live"]
        return [self.keys.index(partition, name) for partition in range(self.partitions) for name in names]

    async def _summaries(self, page: Page) -> list[tuple[Place, bytes]]:
        """Each place with its summary, empty where there is none any more; one command for each partition."""
        ids: dict[str, list[str]] = {}
        for place in page.places:
            ids.setdefault(place.index.rsplit("ix:", 1)[0] + "sum", []).append(place.member)
        stored = await self.link.many([("HMGET", key, *members) for key, members in ids.items()])
        texts = {
            (key, member): text or b""
            for (key, members), reply in zip(ids.items(), stored, strict=True)
            for member, text in zip(members, reply, strict=True)
        }
        owned = ((place, place.index.rsplit("ix:", 1)[0] + "sum") for place in page.places)
        return [(place, texts[key, place.member].partition(b"\n")[2]) for place, key in owned]

    def _list_keys(self, partition: int, behind: Behind) -> list[str]:
        of = self.keys.of
        return [
            of(partition, "sum"),
            self.keys.index(partition, "live"),
            of(partition, "log"),
            of(partition, "refused"),
            self.keys.lines(partition, behind.session_id),
            *(self.keys.index(partition, state) for state in LISTED_STATES),
        ]

    def _list_args(self, address: Address, behind: Behind) -> list[Any]:
        place = LISTED_STATES.index(behind.state) + 6 if behind.state in LISTED_STATES else 0
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
            len(behind.lines),
            *behind.lines,
            *(_named(refusal) for refusal in behind.refusals),
        ]


def _place(line_id: str) -> tuple[int, ...]:
    """Ids of lines in their order: version and place in its change; nothing where it is no such id."""
    parts = line_id.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() and part.isascii() for part in parts) else ()


def _named(refusal: str) -> str:
    """A refusal behind its digest, so that a cursor can name it without telling what it holds."""
    return hashlib.sha256(refusal.encode()).hexdigest()[:UNIQUE] + refusal


def _may_match(text: bytes, q: str, *, problems: bool) -> bool:
    """Whether it is worth reading a summary: what is searched stands in it, as it is or in capitals; where
    problems are asked for, it has one.
    """
    if not text or (problems and any(nothing in text for nothing in _NO_PROBLEM)):
        return False
    return not q.isascii() or q.encode() in text or q.upper().encode() in text


def _matches(summary: dict[str, Any], states: Sequence[str], assistant: str, q: str) -> bool:
    if assistant and summary.get("assistant") != assistant:
        return False
    if states and summary.get("state") not in states:
        return False  # it moved on between the index and the summary
    number = (summary.get("customer") or {}).get("phone_number") or ""
    return not q or q in number or q.upper() in str(summary.get("id", ""))
