"""The Settings page: every value of the configuration with where it came from, and how the service stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Operators
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_csv, as_json
from orchestrator.web.console.visitors import Visitor

COLUMNS = ("path", "value", "origin")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value: its path, itself for eyes (a secret is `set` or `not set`), and where it came from."""

    path: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, `ok`, `warning` or `failed`, and the words."""

    name: str
    verdict: str
    words: str


Examine = Callable[[], Awaitable[Sequence[Finding]]]
"""The doctor: looks at everything that the configuration names."""


class SettingsPage:
    """The page and its files. Nothing can be changed here."""

    def __init__(
        self, room: Room, operators: Operators, *, settings: Sequence[Setting], examine: Examine | None
    ) -> None:
        self._room = room
        self._operators = operators
        self._settings = settings
        self._examine = examine

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page; with `?doctor=1` the doctor looks as well, which asks the carrier."""
        asked = "doctor" in request.query_params and visitor.may_act and self._examine is not None
        return self._room.page(
            "settings.html",
            visitor,
            "settings",
            sections=self._sections(visitor),
            findings=await self.stands(),
            doctor=list(await self._examine()) if asked and self._examine else None,
            has_doctor=self._examine is not None,
        )

    async def as_json(self, _: Request, visitor: Visitor) -> Response:
        """The values as JSON."""
        return as_json("settings", self._rows(visitor))

    async def as_csv(self, _: Request, visitor: Visitor) -> Response:
        """The values as a file."""
        return as_csv("settings", COLUMNS, self._rows(visitor))

    def _rows(self, visitor: Visitor) -> list[dict[str, Any]]:
        see = self._room.eyes(visitor).see
        return [
            {"path": entry.path, "value": see(entry.value), "origin": entry.origin}
            for entry in self._settings
        ]

    def _sections(self, visitor: Visitor) -> dict[str, list[dict[str, Any]]]:
        """The values by `service` and by assistant, without what their heading says."""
        sections: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows(visitor):
            parts = row["path"].split(".")
            depth = 2 if parts[0] == "assistants" and len(parts) > 2 else 1
            heading = parts[1] if depth == 2 else parts[0]
            sections.setdefault(heading, []).append({**row, "path": ".".join(parts[depth:]) or row["path"]})
        return sections

    async def stands(self) -> list[Finding]:
        """What this process can see without asking anybody outside."""
        began = perf_counter()
        try:
            backlog = await asyncio.wait_for(self._operators.backlog(), 3.0)
        except (StoreUnavailable, TimeoutError):
            return [Finding("store", "failed", "the store does not answer")]
        took = round((perf_counter() - began) * 1000)
        return [
            Finding("store", "ok", f"answers within {took} ms"),
            Finding("due work", "warning" if backlog.overdue > 100 else "ok", f"{backlog.overdue} overdue"),
            Finding("dead letters", "warning" if backlog.dead else "ok", f"{backlog.dead} given up"),
        ]
