"""The console's addresses, by page: each behind the guard that asks who looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orchestrator.web.api.finding import Finder
from orchestrator.web.console.beginning import Beginning
from orchestrator.web.console.guard import Guarded, Work
from orchestrator.web.console.live import Live
from orchestrator.web.console.pages import Pages
from orchestrator.web.console.session import SessionPage
from orchestrator.web.console.visitors import Visitor, Visitors

AsScenario = Callable[[str], Awaitable[str]]
"""Writes a session that happened as a scenario file, whose text it gives."""


class Listed(Protocol):
    """A page with a list, and the list as files."""

    async def page(self, request: Request, visitor: Visitor, /) -> Response:
        """The page."""
        ...

    async def as_json(self, request: Request, visitor: Visitor, /) -> Response:
        """The list as JSON."""
        ...

    async def as_csv(self, request: Request, visitor: Visitor, /) -> Response:
        """The list as a table."""
        ...


class Doors:
    """Makes guarded routes; paths are those below `/console`."""

    def __init__(self, visitors: Visitors, pages: Pages) -> None:
        self._visitors = visitors
        self._pages = pages

    def guarded(self, path: str, *, looks: bool = False, **works: Work) -> Route:
        """An address and what it does by method; `looks` where that changes nothing but the visit."""
        return Route(path, Guarded(self._visitors, self._pages, works, looks=looks))

    def listed(self, path: str, page: Listed) -> list[Route]:
        """A page and its files."""
        works = {"": page.page, ".json": page.as_json, ".csv": page.as_csv}
        return [self.guarded(f"/{path}{kind}", GET=work) for kind, work in works.items()]

    def live(self, live: Live, beginning: Beginning) -> list[Route]:
        """The live page under each of its names, its changes, and conversations that are begun there."""
        return [
            self.guarded("/", GET=live.page),
            self.guarded("/parts", GET=live.parts),
            self.guarded("/stream", GET=live.stream),
            *self.listed("live", live),
            self.guarded("/sessions.json", GET=live.as_json),
            self.guarded("/sessions.csv", GET=live.as_csv),
            self.guarded("/messages", POST=beginning.text),
            self.guarded("/calls", POST=beginning.call),
        ]

    def session(self, page: SessionPage, save: Work | None, replay: Work | None) -> list[Route]:
        """A session's page, its files, its changes, and what is done on it."""
        one = "/sessions/{id}"
        return [
            self.guarded(f"{one}.json", GET=page.as_json),
            self.guarded(f"{one}.csv", GET=page.as_csv),
            self.guarded(f"{one}/stream", GET=page.stream),
            self.guarded(f"{one}/actions", POST=page.act),
            *([self.guarded(f"{one}/scenario", GET=save)] if save else []),
            *([self.guarded(f"{one}/replay", looks=True, POST=replay)] if replay else []),
            self.guarded(one, GET=page.page),
        ]


def saving(finder: Finder, as_scenario: AsScenario | None) -> Work | None:
    """A session as a scenario file, where that can be written."""
    if as_scenario is None:
        return None

    async def save(request: Request, _: Visitor) -> Response:
        session_id = request.path_params["id"]
        await finder.find(session_id)
        name = f'attachment; filename="{session_id}.scenario.yaml"'
        text = await as_scenario(session_id)
        return Response(text, media_type="application/yaml", headers={"Content-Disposition": name})

    return save
