"""The Texts page: every message with its words, its size and why, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.segments import measure
from orchestrator.ports import Reader
from orchestrator.web import cdr
from orchestrator.web.api.problems import Problem
from orchestrator.web.api.records import Records
from orchestrator.web.console.codes import meaning
from orchestrator.web.console.records import JSON_PAGE, LOOK, asked, everything, query_of, seen
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_json, as_long_csv
from orchestrator.web.console.visitors import Visitor

PAGE = 50
LINES = 1_000
COLUMNS = (*cdr.COLUMNS["text"], "text", "size", "meaning")
FILTERS = ("q", "assistant")
NAMES = ("message_sid", "text_id")


class Texts:
    """The page and its files."""

    def __init__(self, room: Room, reader: Reader, records: Records) -> None:
        self._room = room
        self._reader = reader
        self._records = records

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page, with what was turned away."""
        rows: Sequence[dict[str, Any]] = ()
        cursor, wrong = None, ""
        try:
            rows, cursor = await self.rows(request, visitor, PAGE)
        except Problem as problem:
            wrong = problem.body["detail"]
        refusals, _ = await self._reader.refusals(limit=20)
        given = {name: request.query_params.get(name, "") for name in FILTERS}
        return self._room.page(
            "texts.html",
            visitor,
            "texts",
            rows=rows,
            refusals=[self._room.eyes(visitor).see(refusal) for refusal in refusals],
            given=given,
            wrong=wrong,
            query=query_of(given),
            next_query=query_of(given | {"cursor": cursor}) if cursor else "",
        )

    async def as_json(self, request: Request, visitor: Visitor) -> Response:
        """The messages as JSON, in pages like the API's."""
        rows, cursor = await self.rows(request, visitor, JSON_PAGE)
        return as_json("texts", rows, next_cursor=cursor)

    async def as_csv(self, request: Request, visitor: Visitor) -> Response:
        """The messages as a file, all of them."""
        found = everything(self._records, asked(request, "text", LOOK))
        rows = (await self._told(batch, visitor) async for batch in found)
        return await as_long_csv("texts", COLUMNS, rows)

    async def rows(
        self, request: Request, visitor: Visitor, most: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Messages with their words, newest session first, and the cursor for more."""
        found, cursor = await self._records.page(asked(request, "text", most))
        return await self._told(found, visitor), cursor

    async def _told(self, found: Sequence[dict[str, Any]], visitor: Visitor) -> list[dict[str, Any]]:
        words = await self._words(list(dict.fromkeys(row["session_id"] for row in found)))
        eyes = self._room.eyes(visitor)
        return [told(row, eyes.see(words.get(row["id"], "")), eyes) for row in found]

    async def _words(self, session_ids: Sequence[str]) -> dict[str, str]:
        """The words of each text of these sessions, by its id."""
        timelines = await self._reader.recent(session_ids, LINES)
        return {
            str(line["data"][name]): str(line["data"].get("text", ""))
            for lines in timelines
            for line in lines
            if line["type"] in {"text_received", "text_queued"}
            for name in NAMES
            if name in line["data"]
        }


def told(row: dict[str, Any], text: str, eyes: Any) -> dict[str, Any]:
    """A message for eyes: its words, its size with the reason, its code in words."""
    size = measure(text)
    row = {**row, "segments": row["segments"] or size.segments, "encoding": row["encoding"] or size.encoding}
    return {
        **seen(row, eyes),
        "text": text,
        "size": "MMS" if row["media"] else size_words(row, size.blocking),
        "meaning": meaning(row["code"]),
    }


def size_words(row: dict[str, Any], blocking: Sequence[str]) -> str:
    """How many segments, and where the text is not plain, which characters cost them."""
    number = row["segments"]
    said = f"{number} segment{'' if number == 1 else 's'} {row['encoding']}"
    if row["encoding"] != "UCS-2" or not blocking:
        return said
    shown = " ".join(f"“{char}”" for char in blocking[:5])
    return f"{said} because of {shown}{' …' if len(blocking) > 5 else ''}"
