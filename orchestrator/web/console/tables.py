"""Lists as files: JSON as it stands, CSV with a row for each entry and a column for each plain field."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from orchestrator.web.console.pages import HEADERS

_NUMBER = re.compile(r"[+-]?[0-9][0-9.]*|\+[0-9]+•••[0-9]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run."""
CSV_TYPE = "text/csv; charset=utf-8"
BATCH = 250
"""Rows that are written at once."""


def as_json(name: str, rows: Iterable[dict[str, Any]], **more: Any) -> Response:
    """A list under its name."""
    return JSONResponse({name: list(rows), **more}, headers=HEADERS)


def as_csv(name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Response:
    """A short list as a file of this name."""
    text = written([columns]) + written(_cells(columns, rows))
    return Response(text, media_type=CSV_TYPE, headers=_as_file(name))


async def as_long_csv(
    name: str, columns: Sequence[str], batches: AsyncIterator[list[dict[str, Any]]]
) -> Response:
    """A list as a file of this name, written as it is read. The first rows are read before it begins, so that a store
    that is away is told by status.
    """
    first: list[dict[str, Any]] = await anext(batches, [])
    chunks = _lines(columns, first, batches)
    return StreamingResponse(chunks, media_type=CSV_TYPE, headers=_as_file(name))


def _as_file(name: str) -> dict[str, str]:
    return {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}


async def in_batches(rows: Sequence[dict[str, Any]]) -> AsyncIterator[list[dict[str, Any]]]:
    """A list that is there already, a part at a time, so that writing it holds nothing up."""
    for start in range(0, len(rows), BATCH):
        yield list(rows[start : start + BATCH])


async def _lines(
    columns: Sequence[str], first: list[dict[str, Any]], more: AsyncIterator[list[dict[str, Any]]]
) -> AsyncIterator[str]:
    yield written([columns])
    yield written(_cells(columns, first))
    async for rows in more:
        yield written(_cells(columns, rows))
        await asyncio.sleep(0)


def _cells(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterable[list[str]]:
    return ([cell(row.get(column)) for column in columns] for row in rows)


def written(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines of CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value in one cell: text is never a formula, a number stays one."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
