"""Lists of the API as tables (CSV, RFC 4180), with the next page in `Link`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.web.api.problems import NO_STORE

FORMULA = ("=", "-", "@", "\t", "\r")
"""Begins of a cell that spreadsheets carry out; a number's plus sign is none of them."""


def as_csv(
    request: Request,
    name: str,
    columns: Sequence[str],
    found: Sequence[Mapping[str, Any]],
    after: str | None,
) -> Response:
    """A row for each entry under the names of the columns, as a file of this name."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(entry[column]) for column in columns] for entry in found)
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    if after is not None:
        kept = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
        following = urlencode([*kept, ("cursor", after)])
        headers["Link"] = f'<{request.url.path}?{following}>; rel="next"'
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    """A value in one cell; text is never a formula."""
    if isinstance(value, bool):
        return str(value).lower()
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    if value is None:
        return ""
    return f"'{text}" if text.startswith(FORMULA) else text
