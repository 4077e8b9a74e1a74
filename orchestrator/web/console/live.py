"""The Live page: every session that has not ended, newest first, with what happened last in each."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Operators, Reader
from orchestrator.web.api.queries import STATES
from orchestrator.web.console.masking import Eyes
from orchestrator.web.console.room import Room
from orchestrator.web.console.rows import row_of
from orchestrator.web.console.sifting import Filter, fits, may_fit
from orchestrator.web.console.tables import as_json, as_long_csv
from orchestrator.web.console.visitors import Visitor
from orchestrator.web.console.walking import everything
from orchestrator.web.feed import Feed
from orchestrator.web.streams import Streams, event

PAGE = 50
"""Rows of a page."""
TAIL = 200
"""Newest lines of a session that are looked at for its row."""
EVERY = 0.5
"""Seconds between two changes of the page: whatever happens meanwhile comes as one."""
COUNT_EVERY = 1.0
"""Seconds that counts hold."""
AWAY_EVERY = 2.0
"""Seconds that the list of what was turned away holds."""
REMEMBERED = 600.0
"""Seconds that a page may go on from where it was."""
_PLACE = re.compile(r"([0-9]{1,15})-[0-9]{1,6}-[0-9]{1,15}")
COLUMNS = (
    "id",
    "customer",
    "assistant",
    "state",
    "direction",
    "call_started_at",
    "texts",
    "last_event",
    "last_event_at",
    "problem",
)


class Live:
    """The page, its parts, its stream and its files."""

    def __init__(
        self, room: Room, reader: Reader, operators: Operators, *, feed: Feed, streams: Streams
    ) -> None:
        self.room = room
        self._reader = reader
        self._operators = operators
        self._feed = feed
        self._streams = streams
        self._counted: dict[str, int] = {}
        self._counted_at = float("-inf")
        self._away: list[dict[str, Any]] = []
        self._away_at = float("-inf")

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page."""
        chosen = Filter.of(request)
        return self.room.page("live.html", visitor, "live", **await self._shown(chosen, visitor))

    async def parts(self, request: Request, visitor: Visitor) -> Response:
        """What a filter changes, for the page that is open."""
        return self.room.part("live_list.html", visitor, **await self._shown(Filter.of(request), visitor))

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        """The page's changes since the list that it shows was read."""
        after = place_of(request, self.room.clock.now())
        return await self._streams.open(Changes(self, Filter.of(request), visitor, self._feed, after))

    async def as_json(self, request: Request, visitor: Visitor) -> Response:
        """The list as JSON, in pages like the API's."""
        rows, cursor = await self.rows(Filter.of(request), self.room.eyes(visitor), PAGE * 4)
        return as_json("sessions", rows, next_cursor=cursor)

    async def as_csv(self, request: Request, visitor: Visitor) -> Response:
        """The list as a file, all of it."""
        eyes, walk = self.room.eyes(visitor), everything(self._reader, Filter.of(request))
        return await as_long_csv("sessions", COLUMNS, self._told(walk, eyes))

    async def _told(
        self, walk: AsyncIterator[list[dict[str, Any]]], eyes: Eyes
    ) -> AsyncIterator[list[dict[str, Any]]]:
        async for summaries in walk:
            yield await self._with_tails(summaries, eyes)

    async def _shown(self, chosen: Filter, visitor: Visitor) -> dict[str, Any]:
        eyes = self.room.eyes(visitor)
        _, place = await self._feed.after("")  # before the list is read: what happens meanwhile is told twice
        rows, cursor = await self.rows(chosen, eyes, PAGE)
        return {
            "place": place,
            "rows": rows,
            "chosen": chosen,
            "next_cursor": cursor,
            "refusals": await self.away(eyes),
            "counts": await self.counts(),
            "states": STATES,
        }

    async def rows(self, chosen: Filter, eyes: Eyes, most: int) -> tuple[list[dict[str, Any]], str | None]:
        """Rows of sessions that fit, and the cursor for more."""
        found: list[dict[str, Any]] = []
        cursor: str | None = chosen.cursor
        for _ in range(LOOKS):
            page, cursor = await self._reader.sessions(
                **chosen.asked, limit=most - len(found), cursor=cursor or ""
            )
            found += page
            if cursor is None or len(found) >= most:
                break
        return await self._with_tails(found, eyes), cursor

    async def one(self, chosen: Filter, eyes: Eyes, session_ids: Sequence[str]) -> dict[str, Any]:
        """Rows of these sessions by id, None for those that do not fit (any more)."""
        stored = await asyncio.gather(*(self._reader.session(session_id) for session_id in session_ids))
        summaries = [summary for _, summary in filter(None, stored) if may_fit(summary, chosen)]
        tails = await self._reader.recent([summary["id"] for summary in summaries], TAIL)
        rows = {
            summary["id"]: row_of(summary, tail, eyes)
            for summary, tail in zip(summaries, tails, strict=True)
            if fits(summary, tail, chosen)
        }
        return {session_id: rows.get(session_id) for session_id in session_ids}

    async def _with_tails(self, summaries: list[dict[str, Any]], eyes: Eyes) -> list[dict[str, Any]]:
        tails = await self._reader.recent([summary["id"] for summary in summaries], TAIL)
        return [row_of(summary, tail, eyes) for summary, tail in zip(summaries, tails, strict=True)]

    async def away(self, eyes: Eyes) -> list[dict[str, Any]]:
        """The newest texts that were turned away; looked up every two seconds for all who look."""
        if self.room.clock.now() - self._away_at >= AWAY_EVERY:
            self._away, _ = await self._reader.refusals(limit=5)
            self._away_at = self.room.clock.now()
        return [eyes.see(refusal) for refusal in self._away]

    async def counts(self) -> dict[str, int]:
        """How much there is: calls, open threads, and events that were given up; looked up once a second
        for all who look.
        """
        if self.room.clock.now() - self._counted_at >= COUNT_EVERY:
            self._counted, self._counted_at = await self._count(), self.room.clock.now()
        return self._counted

    async def _count(self) -> dict[str, int]:
        counted = await self._reader.counts()
        in_both = counted["awaiting_text"] + counted["in_call_and_text"]
        calls = in_both + counted["in_call"] + counted["dialing"] + counted["transferring"]
        dead = (await self._operators.backlog()).dead
        return {"calls": calls, "threads": in_both + counted["text_only"], "errors": dead}

    def row(self, row: dict[str, Any], visitor: Visitor) -> str:
        """A row as markup."""
        return str(self.room.bit("live_row.html", visitor, row=row))


def place_of(request: Request, now: float) -> str:
    """The place in the log that a page's list was read at, or that it was told up to; nothing where that is none, or
    so long ago that the list is read anew.
    """
    given = request.headers.get("last-event-id") or request.query_params.get("after", "")
    found = _PLACE.fullmatch(given)
    return given if found and now - int(found[1]) / 1000 < REMEMBERED else ""


LOOKS = 5
"""Calls of the store for one page, where a filter fits few."""


class Changes:
    """The rows of one open page that change: at most once in `EVERY` seconds, each row once."""

    def __init__(self, live: Live, chosen: Filter, visitor: Visitor, feed: Feed, after: str = "") -> None:
        self.pause = EVERY
        self._live = live
        self._chosen = chosen
        self._visitor = visitor
        self._feed = feed
        self._place = after
        self._counts: dict[str, int] = {}
        self._away: list[dict[str, Any]] | None = None

    async def more(self) -> list[str]:
        """One event with every row that changed, and the counts where they did."""
        ids, more = await self._changed()
        told: dict[str, Any] = {
            "now": self._live.room.clock.now(),
            "rows": await self._rows(ids if self._chosen.narrows else ids[-PAGE:]) if ids else {},
        }
        counts = await self._live.counts() if ids or not self._counts else self._counts
        if counts != self._counts:
            self._counts = counts
            told["counts"] = counts
        away = await self._live.away(self._live.room.eyes(self._visitor))
        if away != self._away:
            self._away = away
            told["away"] = str(self._live.room.bit("live_away.html", self._visitor, refusals=away))
        self.pause = 0.0 if more else EVERY
        if not ids and not {"counts", "away"} & told.keys():
            return []
        return [event(json.dumps(told), name="changes", place=self._place)]

    async def _changed(self) -> tuple[list[str], bool]:
        """Ids of sessions in which something happened, the newest last."""
        ids: dict[str, None] = {}
        for _ in range(LOOKS):
            found, self._place = await self._feed.after(self._place)
            for line in found:
                ids.pop(line.session_id, None)
                ids[line.session_id] = None
            if not found:
                return list(ids), False
        return list(ids), True

    async def _rows(self, ids: list[str]) -> dict[str, str | None]:
        eyes = self._live.room.eyes(self._visitor)
        rows = await self._live.one(self._chosen, eyes, ids)
        return {name: self._live.row(row, self._visitor) if row else None for name, row in rows.items()}
