"""The JSON body of a request, within bounds. What it means is checked elsewhere."""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.requests import Request

from orchestrator.core.nesting import LEVELS, is_too_deep
from orchestrator.web.api.problems import Problem

LIMIT = 64 * 1024
"""Bytes of a body: as much as a webhook may bring; the longest text is a quarter of it."""


async def read_json(request: Request) -> Any:
    """The parsed body; 413, 415 or 400 where it is too large, of another type, or no JSON."""
    if _claims(request) > LIMIT:
        raise _too_large()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem(
            415,
            "not_json",
            "The body is not declared as JSON.",
            hint="Send `Content-Type: application/json`.",
        )
    return _parse(await _bytes(request))


def _claims(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


async def _bytes(request: Request) -> bytes:
    """Counted while it comes, since a length that is claimed need not be true."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            raise _too_large()
    return bytes(body)


def _parse(body: bytes) -> Any:
    try:
        parsed = json.loads(
            body.decode("utf-8-sig"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_named_once,
        )
        json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair cannot be stored or sent
        if is_too_deep(parsed):
            raise ValueError("nested too deeply")  # noqa: TRY301 - one answer for all that is no JSON of ours
    except (ValueError, RecursionError):
        raise Problem(
            400,
            "bad_json",
            "The body is not JSON in UTF-8.",
            hint="NaN, Infinity, half characters, a name given twice in one object, and more than "
            f"{LEVELS} levels are none.",
        ) from None
    return parsed


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of a name that comes twice readers take one or the other (RFC 8259, 4): none is meant."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name given twice")
    return read


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number out of range")
    return number


def _too_large() -> Problem:
    return Problem(413, "too_large", f"The body has more than {LIMIT} bytes.")
