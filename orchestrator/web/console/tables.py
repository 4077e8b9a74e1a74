"""Lists as files: JSON as it stands, CSV with a row for each entry and a column for each plain field."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from orchestrator.web.console.pages import HEADERS

_NUMBER = re.compile(r"[+-]?[0-9][0-9.]*|\+[0-9]+•••[0-9]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run."""


def as_json(name: str, rows: Iterable[dict[str, Any]], **more: Any) -> Response:
    """A list under its name."""
    return JSONResponse({name: list(rows), **more}, headers=HEADERS)


def as_csv(name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Response:
    """A list as a file of this name."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def cell(value: Any) -> str:
    """A value in one cell: text is never a formula, a number stays one."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
