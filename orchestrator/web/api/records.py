"""Detail records in pages, as JSON or CSV: of sessions, newest first, the calls or texts of each."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.errors import BadCursorError
from orchestrator.ports import Reader
from orchestrator.ports.reader import Listed
from orchestrator.ports.sendings import Sending, Sendings
from orchestrator.web import cdr
from orchestrator.web.api import rows
from orchestrator.web.api.problems import answer
from orchestrator.web.api.queries import STATES, ListRecords
from orchestrator.web.api.resource import Operation
from orchestrator.web.tables import as_csv

SESSIONS = 25
"""Sessions whose timelines are read together."""
LOOKED_AT = 400
"""Sessions of a page whose timelines are read, at most: many sessions without a text make short pages, not slow ones."""
LISTED = 100
"""Sessions of one look at the list, at least."""
SKIMMED = 500
"""Sessions of one look where many may be of another time."""
LOOKS = 4
"""Looks for one page."""
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
        after, left = place.page, LOOKED_AT
        size = SKIMMED if query.until else min(LOOKED_AT, max(LISTED, query.limit))
        for _ in range(LOOKS):
            listed, further = await self._reader.listing(
                states=STATES,
                assistant=query.assistant,
                q=query.q,
                limit=size,
                cursor=after,
            )
            for batch in _in_time(query, after, listed):
                if left <= 0:
                    return found, Place(batch[0][0]).text
                rows = await self._rows(query, [entry for _, entry in batch])
                for (before, entry), made in zip(batch, rows, strict=True):
                    for row in _after(place, query.kind, entry, made):
                        if len(found) == query.limit:
                            return found, place.text
                        found.append(row)
                        place = Place(before, entry.summary["id"], cdr.key(query.kind, row))
                left -= len(batch)
            if further is None or _is_past(query, listed):
                return found, None
            after = further
        return found, Place(after).text

    async def _rows(self, query: ListRecords, listed: Sequence[Listed]) -> list[list[dict[str, Any]]]:
        """The records of each session."""
        timelines = await self._reader.recent([entry.summary["id"] for entry in listed], LINES)
        sent = await self._sent(listed) if query.kind == "text" else [[]] * len(listed)
        return [
            [
                row
                for row in cdr.rows(query.kind, entry.summary, timeline, kept)
                if _is_within(cdr.moment(query.kind, row), query)
            ]
            for entry, timeline, kept in zip(listed, timelines, sent, strict=True)
        ]

    async def _sent(self, listed: Sequence[Listed]) -> Sequence[Sequence[Sending]]:
        """What the outboxes of the sessions' customers remember."""
        places = list(dict.fromkeys(entry.address for entry in listed))
        kept = dict(zip(places, await self._sendings.sendings(places), strict=True))
        return [kept[entry.address] for entry in listed]


def _in_time(query: ListRecords, cursor: str, listed: Sequence[Listed]) -> Iterator[list[tuple[str, Listed]]]:
    """The sessions that may hold records of the time that is asked for, some at a time, each with the cursor that it
    comes after.
    """
    cursors = [cursor, *(entry.cursor for entry in listed)]
    fitting = [
        (before, entry)
        for before, entry in zip(cursors, listed, strict=False)
        if _may_hold(query, entry.summary)
    ]
    for start in range(0, len(fitting), SESSIONS):
        yield fitting[start : start + SESSIONS]


def _may_hold(query: ListRecords, summary: dict[str, Any]) -> bool:
    """Nothing of a session is older than its opening, or younger than its last event."""
    opened = datetime.fromisoformat(summary["opened_at"])
    return (query.until is None or opened < _utc(query.until)) and not _is_older(query, summary)


def _is_older(query: ListRecords, summary: dict[str, Any]) -> bool:
    last = datetime.fromisoformat(summary["last_event_at"])
    return query.since is not None and last < _utc(query.since)


def _is_past(query: ListRecords, listed: Sequence[Listed]) -> bool:
    """Whether everything that follows these sessions is older than what is asked for."""
    return bool(listed) and _is_older(query, listed[-1].summary)


def _after(place: Place, kind: cdr.Kind, entry: Listed, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What comes behind the last record that was given; of another session all."""
    keys = [cdr.key(kind, row) for row in made]
    is_last = entry.summary["id"] == place.session_id and place.record in keys
    return made[keys.index(place.record) + 1 :] if is_last else made


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
