"""The Records page: calls, texts and sessions as detail records, with filters, files, and erasing by number."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, cast, get_args
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.web import cdr
from orchestrator.web.api.customers import Customers
from orchestrator.web.api.problems import Problem
from orchestrator.web.api.queries import Erase, ListRecords
from orchestrator.web.api.records import Records
from orchestrator.web.api.validation import read_query
from orchestrator.web.console.masking import Eyes
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_json, as_long_csv
from orchestrator.web.console.visitors import Visitor

log = structlog.get_logger("tandem")
PAGE = 50
JSON_PAGE = 200
LOOK = 1_000
"""Records that are looked up at once for a file."""
BATCH = 100
"""Rows of a file that are made at once, so that nothing else waits for long."""
KINDS: tuple[cdr.Kind, ...] = get_args(cdr.Kind)
SHOWN: dict[cdr.Kind, tuple[str, ...]] = {
    "call": ("started_at", "phone_number", "assistant", "direction", "duration", "outcome", "call_sid"),
    "text": ("at", "phone_number", "assistant", "direction", "status", "segments", "encoding", "message_sid"),
    "session": ("opened_at", "phone_number", "assistant", "state", "calls", "texts_in", "texts_out", "turns"),
}
"""The columns that fit a page; files have them all."""
FILTERS = ("kind", "q", "assistant", "since", "until")


class RecordsPage:
    """The page, its files, and erasing."""

    def __init__(self, room: Room, records: Records, customers: Customers) -> None:
        self._room = room
        self._records = records
        self._customers = customers

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page; what a filter has wrong is told in its place."""
        rows: Sequence[dict[str, Any]] = ()
        cursor, wrong, kind = None, "", kind_of(request)
        try:
            rows, cursor = await self.rows(request, visitor, PAGE)
        except Problem as problem:
            wrong = problem.body["detail"]
        given = {name: request.query_params.get(name, "") for name in FILTERS} | {"kind": kind}
        return self._room.page(
            "records.html",
            visitor,
            "records",
            rows=rows,
            columns=SHOWN[kind],
            kinds=KINDS,
            given=given,
            wrong=wrong,
            query=query_of(given),
            next_query=query_of(given | {"cursor": cursor}) if cursor else "",
        )

    async def as_json(self, request: Request, visitor: Visitor) -> Response:
        """The records as JSON, in pages like the API's."""
        rows, cursor = await self.rows(request, visitor, JSON_PAGE)
        return as_json("records", rows, next_cursor=cursor)

    async def as_csv(self, request: Request, visitor: Visitor) -> Response:
        """The records as a file, all of them."""
        kind, eyes = kind_of(request), self._room.eyes(visitor)
        found = everything(self._records, asked(request, kind, LOOK))
        rows = ([seen(row, eyes) for row in batch] async for batch in found)
        return await as_long_csv(f"{kind}s", cdr.COLUMNS[kind], rows)

    async def rows(
        self, request: Request, visitor: Visitor, most: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Records as this visitor sees them, and the cursor for more."""
        found, cursor = await self._records.page(asked(request, kind_of(request), most))
        return [seen(row, self._room.eyes(visitor)) for row in found], cursor

    async def erase(self, request: Request, visitor: Visitor) -> Response:
        """Everything that is kept of a number goes, but for the mark of an opt-out."""
        answer = await self._customers.erase(request, Erase(forget_opt_out=False))
        log.info("console.acted", actor=visitor.actor, action="erase", status=answer.status_code)
        return answer


def kind_of(request: Request) -> cdr.Kind:
    """Which records the address asks for."""
    given = request.query_params.get("kind", "")
    return next((kind for kind in KINDS if kind == given), "session")


async def everything(records: Records, query: ListRecords) -> AsyncIterator[list[dict[str, Any]]]:
    """Every record that fits, some at a time."""
    after: str | None = query.cursor
    while after is not None:
        found, after = await records.page(query.model_copy(update={"cursor": after}))
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]


def asked(request: Request, kind: cdr.Kind, most: int) -> ListRecords:
    """The address as the API's own query; 422 where that would refuse it."""
    query = cast("ListRecords", read_query(ListRecords, without_blanks(request)))
    return query.model_copy(update={"kind": kind, "limit": most})


def without_blanks(request: Request) -> Any:
    """The parameters that were filled in."""
    params = request.query_params
    return type(params)(
        [(name, value) for name, value in params.multi_items() if value and name in {*FILTERS, "cursor"}]
    )


def seen(row: dict[str, Any], eyes: Eyes) -> dict[str, Any]:
    """A record with its customer's number as the visitor sees it."""
    return {**eyes.see(row), "phone_number": eyes.number(row["phone_number"])}


def query_of(given: dict[str, Any]) -> str:
    """A part of an address."""
    return urlencode({name: value for name, value in given.items() if value})
