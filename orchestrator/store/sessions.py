"""Sessions in pages, newest first, across all partitions: all of them, those of some states, those that are found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from orchestrator.core.ids import partition_of
from orchestrator.ports.reader import Listed
from orchestrator.ports.records import Address
from orchestrator.store.base import Base
from orchestrator.store.keys import LISTED_STATES
from orchestrator.store.pages import Place, newest_first
from orchestrator.store.search import Hit, Search, Sought

SCAN = 10_000
"""Sessions that one call looks at, before it hands back a cursor."""


class SessionLists(Base):
    """`sessions` and `listing` of `orchestrator.ports.Reader`."""

    async def sessions(self, **chosen: Any) -> tuple[list[dict[str, Any]], str | None]:
        """Session summaries, newest first, without `ended` unless asked for, and the next cursor."""
        found, cursor = await self.listing(**chosen)
        return [listed.summary for listed in found], cursor

    async def listing(
        self,
        *,
        states: Sequence[str] = (),
        assistant: str = "",
        q: str = "",
        anywhere: bool = False,
        problems: bool = False,
        limit: int = 50,
        cursor: str = "",
    ) -> tuple[list[Listed], str | None]:
        """As `sessions`, each with where it lives and how to go on after it."""
        sought = Sought(q=q, anywhere=anywhere, assistant=assistant, problems=problems)
        after = Place.read(cursor)
        if sought:
            return await self._found(sought, states, limit, after)
        return await self._newest(states, max(limit, 1), after)

    async def _newest(
        self, states: Sequence[str], limit: int, after: Place | None
    ) -> tuple[list[Listed], str | None]:
        indexes, found, looked = self._indexes(states), list[Listed](), 0
        while True:
            page = await newest_first(self.link, indexes, limit - len(found), after)
            found += [listed for listed in await self._entries(page.places) if _is_of(listed, states)]
            looked += len(page.places)
            after = page.places[-1] if page.places else after
            if page.last:
                return found, None
            if len(found) == limit or looked >= SCAN:
                return found, after.text if after else None

    async def _found(
        self, sought: Sought, states: Sequence[str], limit: int, after: Place | None
    ) -> tuple[list[Listed], str | None]:
        search = Search(self.link, self._indexes(states), sought, after)
        found: list[Listed] = []
        while True:
            hits = await search.more(limit - len(found), SCAN)
            while hits:
                size = limit - len(found) + 1  # one more tells that the page is not the last
                for listed in await self._proven(sought, hits[:size]):
                    if len(found) == limit:
                        return found, found[-1].cursor
                    if _is_of(listed, states):
                        found.append(listed)
                hits = hits[size:]
            if search.reached is None:
                return found, None
            if search.looked >= SCAN:
                return found, search.reached.text

    async def _proven(self, sought: Sought, hits: Sequence[Hit]) -> list[Listed]:
        proven = {hit.place.text for hit in hits if hit.proven}
        listed = await self._entries([hit.place for hit in hits])
        return [entry for entry in listed if sought.fits(entry.summary, proven=entry.cursor in proven)]

    async def _entries(self, places: Sequence[Place]) -> list[Listed]:
        """Each place with its summary, unless there is none any more; one command for each partition."""
        ids: dict[int, list[str]] = {}
        for place in places:
            ids.setdefault(self._partition(place.member) or 0, []).append(place.member)
        commands = [("HMGET", self.keys.of(partition, "sum"), *members) for partition, members in ids.items()]
        stored = {
            member: text.decode()
            for members, texts in zip(ids.values(), await self.link.many(commands), strict=True)
            for member, text in zip(members, texts, strict=True)
            if text is not None
        }
        return [self._entry(place, stored[place.member]) for place in places if place.member in stored]

    def _entry(self, place: Place, text: str) -> Listed:
        customer, _, summary = text.partition("\n")
        address = Address(self._partition(place.member) or 0, customer)
        return Listed(address, json.loads(summary), place.text)

    def _indexes(self, states: Sequence[str]) -> list[str]:
        if set(LISTED_STATES) <= set(states):
            names = ["live", "ended"]
        else:
            names = [state for state in LISTED_STATES if state in states] if states else ["live"]
        return [self.keys.index(partition, name) for partition in range(self.partitions) for name in names]

    def _partition(self, session_id: str) -> int | None:
        partition = partition_of(session_id)
        return partition if partition is not None and partition < self.partitions else None


def _is_of(listed: Listed, states: Sequence[str]) -> bool:
    """Whether the session did not move on between the index and its summary."""
    return not states or listed.summary.get("state") in states
