"""The Traffic page: each webhook in and each request out, with its verdict, status and time, and whose it is.

Whose a request is takes reading timelines: a page asks for it of one row, once somebody follows its link.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from orchestrator.ports.traffic import TrafficBook
from orchestrator.web.api.problems import not_found
from orchestrator.web.console.belonging import Owners
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_json, as_long_csv, in_batches
from orchestrator.web.console.visitors import Visitor

PAGE = 200
FILE = 2_000
COLUMNS = ("at", "way", "whom", "what", "verdict", "status", "ms", "numbers", "ids", "facts", "session_id")
_CARRIER_ID = re.compile(r"\b(?:CA|SM|MM)[0-9A-Za-z]{6,}")
IDS = 8
"""Ids of one request that are looked for; it has four at most."""
FINE = frozenset({"ok", "repeated", "late"})


class TrafficPage:
    """The page and its files. Bodies are not kept: what is played again is the session of a request."""

    def __init__(self, room: Room, book: TrafficBook, owners: Owners, *, has_replay: bool = False) -> None:
        self._room = room
        self._book = book
        self._owners = owners
        self._has_replay = has_replay

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page."""
        query = request.query_params
        given = {name: query.get(name, "")[:200] for name in ("q", "way", "problems")}
        rows = [row | {"owner": whose(row)} for row in await self._found(request, PAGE)]
        shown = {"rows": rows, "given": given, "query": str(query), "has_replay": self._has_replay}
        return self._room.page("traffic.html", visitor, "traffic", **shown)

    async def as_json(self, request: Request, _: Visitor) -> Response:
        """The requests as JSON."""
        return as_json("traffic", await self.rows(request, FILE))

    async def as_csv(self, request: Request, _: Visitor) -> Response:
        """The requests as a file."""
        return await as_long_csv("traffic", COLUMNS, in_batches(await self.rows(request, FILE)))

    async def session(self, request: Request, _: Visitor) -> Response:
        """To the session that a request belongs to by the ids in its address, or to its replay; 404 where none is
        known.
        """
        query = request.query_params
        ids = [name for name in query.getlist("id")[:IDS] if _CARRIER_ID.fullmatch(name)]
        owners = await self._owners.of(ids)
        owner = next((owners[name] for name in ids if name in owners), None)
        if owner is None:
            raise not_found("This request belongs to none of the newest sessions.")
        part = "#replay" if query.get("replay") else ""
        return RedirectResponse(f"/console/sessions/{owner}{part}", 303)

    async def rows(self, request: Request, most: int) -> list[dict[str, Any]]:
        """The newest requests that fit, first, each with the session that it belongs to."""
        kept = await self._found(request, most)
        owners = await self._owners.of({name for entry in kept for name in ids_of(entry)})
        for entry in kept:
            entry["session_id"] = next((owners[name] for name in ids_of(entry) if name in owners), None)
        return kept

    async def _found(self, request: Request, most: int) -> list[dict[str, Any]]:
        found = [told(entry) for entry in await self._book.traffic(FILE)]
        return [entry for entry in found if fits(entry, request.query_params)][:most]


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with every column; a request of ours gets its verdict from the status."""
    verdict = entry.get("verdict") or verdict_of(entry.get("status"))
    row = {**dict.fromkeys(COLUMNS), **entry, "verdict": verdict}
    return row | {"ids": " ".join(entry.get("ids") or ()), "bad": verdict not in FINE}


def ids_of(entry: dict[str, Any]) -> list[str]:
    """The carrier's ids of a request: in its form, or in its address."""
    return _CARRIER_ID.findall(f"{entry['ids']} {entry['what']}")


def whose(entry: dict[str, Any]) -> str:
    """Where a page asks for the session of a request, below `/console`; nothing where the request names no id."""
    ids = list(dict.fromkeys(ids_of(entry)))
    return f"/traffic/session?{urlencode({'id': ids}, doseq=True)}" if ids else ""


def verdict_of(status: int | None) -> str:
    """What an answer to a request of ours means."""
    if status is None:
        return "no answer"
    return "ok" if status < 400 else "refused" if status < 500 else "failed"


def fits(entry: dict[str, Any], query: Any) -> bool:
    """Whether an entry belongs on a page."""
    q, way = query.get("q", "").strip().casefold(), query.get("way", "")
    text = f"{entry['ids']} {entry['what']} {entry['verdict']} {entry['status']} {entry['facts']}".casefold()
    return (not q or q in text) and way in {"", entry["way"]} and (not query.get("problems") or entry["bad"])
