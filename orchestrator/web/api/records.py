"""Detail records in pages, as JSON or CSV: of sessions, newest first, the calls or texts of each."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.errors import BadCursorError
from orchestrator.ports import Reader
from orchestrator.ports.sendings import Sending, Sendings
from orchestrator.web import cdr
from orchestrator.web.api import rows
from orchestrator.web.api.problems import answer
from orchestrator.web.api.queries import STATES, ListRecords
from orchestrator.web.api.resource import Operation
from orchestrator.web.tables import as_csv

SESSIONS = 20
"""Sessions that are looked at together."""
LOOKED_AT = 400
"""Sessions of a page at most, whatever they hold: many sessions without a text make short pages, not slow ones."""
LINES = 1000
"""Lines of a timeline that are kept."""


class Place:
    """Where a page ended: the page of sessions, and the last record of it that was given."""

    def __init__(self, page: str = "", session_id: str = "", record: str = "") -> None:
        self.page, self.session_id, self.record = page, session_id, record

    @property
    def text(self) -> str:
        """The cursor."""
        raw = json.dumps([self.page, self.session_id, self.record], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> Place:
        """The place of a cursor. Raises `BadCursorError`."""
        if not cursor:
            return cls()
        try:
            padded = cursor.encode() + b"=" * (-len(cursor) % 4)
            given = json.loads(base64.urlsafe_b64decode(padded))
            place = cls(*given) if [type(part) for part in given] == [str] * 3 else cls()
        except (ValueError, TypeError):
            place = cls()
        if place.text != cursor:
            raise BadCursorError("this is no cursor of a page")
        return place


class Records:
    """Makes pages of records out of sessions and their timelines."""

    def __init__(self, reader: Reader, sendings: Sendings) -> None:
        self._reader = reader
        self._sendings = sendings

    async def page(self, query: ListRecords) -> tuple[list[dict[str, Any]], str | None]:
        """At most `limit` records, fewer where many sessions have none, and the cursor of the next page."""
        place = Place.read(query.cursor)
        found: list[dict[str, Any]] = []
        page = place.page
        for _ in range(LOOKED_AT // SESSIONS):
            sessions, after = await self._reader.sessions(
                states=STATES, assistant=query.assistant, q=query.q, limit=SESSIONS, cursor=page
            )
            for session_id, row in _after(place, query.kind, await self._rows(query, sessions)):
                if len(found) == query.limit:
                    return found, place.text
                found.append(row)
                place = Place(page, session_id, cdr.key(query.kind, row))
            if after is None:
                return found, None
            page = after
        return found, Place(page).text

    async def _rows(
        self, query: ListRecords, sessions: Sequence[dict[str, Any]]
    ) -> list[tuple[str, dict[str, Any]]]:
        ids = [session["id"] for session in sessions]
        lines = await asyncio.gather(*(self._reader.events(name, limit=LINES) for name in ids))
        sent = await self._sent(ids) if query.kind == "text" else [[]] * len(ids)
        return [
            (session["id"], row)
            for session, timeline, kept in zip(sessions, lines, sent, strict=True)
            for row in cdr.rows(query.kind, session, timeline, kept)
            if _is_within(cdr.moment(query.kind, row), query)
        ]

    async def _sent(self, ids: Sequence[str]) -> Sequence[Sequence[Sending]]:
        """What the outboxes of the sessions' customers remember."""
        where = await asyncio.gather(*(self._reader.session(name) for name in ids))
        places = list({found[0]: None for found in where if found})
        kept = dict(zip(places, await self._sendings.sendings(places), strict=True))
        return [kept[found[0]] if found else [] for found in where]


def _after(
    place: Place, kind: cdr.Kind, found: list[tuple[str, dict[str, Any]]]
) -> list[tuple[str, dict[str, Any]]]:
    """What comes behind the last record that was given. Where its session has moved on meanwhile, all of
    the page: better twice than not at all.
    """
    named = [(session_id, cdr.key(kind, row)) for session_id, row in found]
    last = (place.session_id, place.record)
    return found[named.index(last) + 1 :] if last in named else found


def _is_within(at: str, query: ListRecords) -> bool:
    moment = datetime.fromisoformat(at)
    return (query.since is None or moment >= _utc(query.since)) and (
        query.until is None or moment < _utc(query.until)
    )


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def operations(reader: Reader, sendings: Sendings) -> list[Operation]:
    """The operation of this file."""
    records = Records(reader, sendings)

    async def list_records(request: Request, query: ListRecords) -> Response:
        found, after = await records.page(query)
        if query.format == "json":
            return answer({"records": found, "next_cursor": after})
        return as_csv(request, f"{query.kind}s", cdr.COLUMNS[query.kind], found, after)

    return [
        Operation(
            method="GET",
            path="/api/v1/records",
            name="list_records",
            summary="Detail records of calls, texts or sessions; with `format=csv` as a table",
            perform=list_records,
            takes=(ListRecords,),
            gives=rows.Records,
            other_types=("text/csv",),
        )
    ]
