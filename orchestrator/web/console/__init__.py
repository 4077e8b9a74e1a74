"""The console under `/console/`: pages for people who run a service, live by server-sent events.

Pages are made here from templates; their scripts only carry changes in. What is decided is decided behind
`ports.Desk`, what is checked is checked by the API's own models.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from orchestrator.ports import Clock, Desk, Operators, Reader, Store, Visits
from orchestrator.ports.traffic import TrafficBook
from orchestrator.web.api.access import Tokens
from orchestrator.web.api.acting import Acting
from orchestrator.web.api.actions import AssistantFacts
from orchestrator.web.api.customers import Customers
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.once import Once
from orchestrator.web.api.problems import not_found
from orchestrator.web.api.records import Records
from orchestrator.web.console.beginning import Beginning
from orchestrator.web.console.entrance import Entrance
from orchestrator.web.console.flow import Flow
from orchestrator.web.console.guard import Guarded, Work
from orchestrator.web.console.live import Live
from orchestrator.web.console.pages import PACKAGE, Pages
from orchestrator.web.console.records import RecordsPage
from orchestrator.web.console.room import Room
from orchestrator.web.console.session import SessionPage
from orchestrator.web.console.settings import Examine, Setting, SettingsPage
from orchestrator.web.console.texts import Texts
from orchestrator.web.console.traffic import TrafficPage
from orchestrator.web.console.visitors import Visitor, Visitors
from orchestrator.web.feed import Feed
from orchestrator.web.streams import Streams

STREAMS = 100
"""Open pages of a process at once."""


AsScenario = Callable[[str], Awaitable[str]]
"""Writes a session that happened as a scenario file, whose text it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleFacts:
    """What the console is told of its service. What is None has no button."""

    public_url: str = ""
    timezone: str = "UTC"
    has_phone: bool = False
    settings: Sequence[Setting] = ()
    examine: Examine | None = None
    as_scenario: AsScenario | None = None


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


def routes(
    *,
    reader: Reader,
    desk: Desk,
    store: Store,
    operators: Operators,
    visits: Visits,
    traffic: TrafficBook,
    assistants: Mapping[str, AssistantFacts],
    tokens: Tokens,
    clock: Clock,
    facts: ConsoleFacts,
    feed: Feed,
    closing: Callable[[], bool] = lambda: False,
) -> list[BaseRoute]:
    """The console's routes; the last answers every other address under `/console`."""
    address = urlsplit(facts.public_url)
    pages = Pages(facts.timezone, has_phone=facts.has_phone)
    visitors = Visitors(visits, tokens, public_host=address.netloc, https=address.scheme == "https")
    room = Room(pages, assistants=tuple(assistants), ours=numbers_of(assistants), clock=clock)
    streams, finder = Streams(clock, closing, STREAMS), Finder(reader, clock)
    acting = Acting(desk, finder, Once(reader, store), assistants)
    live = Live(room, reader, operators, feed=feed, streams=streams)
    session = SessionPage(
        room,
        reader,
        finder,
        acting,
        operators,
        feed=feed,
        streams=streams,
        has_scenarios=facts.as_scenario is not None,
    )
    entrance = Entrance(visitors, pages)

    def guarded(path: str, **works: Work) -> Route:
        return Route(path, Guarded(visitors, pages, works))

    def listed(path: str, page: Listed) -> list[Route]:
        works = {"": page.page, ".json": page.as_json, ".csv": page.as_csv}
        return [guarded(f"/{path}{kind}", GET=work) for kind, work in works.items()]

    beginning, flow = Beginning(acting), Flow(room, reader)
    kept = Records(reader, operators)
    texts = Texts(room, reader, kept)
    records = RecordsPage(room, kept, Customers(desk, reader, store, operators, tuple(assistants)))
    settings = SettingsPage(room, operators, settings=facts.settings, examine=facts.examine)
    one = "/sessions/{id}"
    inside: list[BaseRoute] = [
        Mount("/static", Files(directory=static_files())),
        Route("/sign-in", entrance),
        guarded("/sign-out", POST=entrance.sign_out),
        guarded("/reveal", POST=entrance.reveal),
        guarded("/", GET=live.page),
        guarded("/parts", GET=live.parts),
        guarded("/stream", GET=live.stream),
        guarded("/live", GET=live.page),
        guarded("/live.json", GET=live.as_json),
        guarded("/live.csv", GET=live.as_csv),
        guarded("/sessions.json", GET=live.as_json),
        guarded("/sessions.csv", GET=live.as_csv),
        *listed("texts", texts),
        *listed("flow", flow),
        *listed("records", records),
        *listed("settings", settings),
        *listed("traffic", TrafficPage(room, traffic)),
        guarded("/customers/{number}/erase", POST=records.erase),
        guarded("/messages", POST=beginning.text),
        guarded("/calls", POST=beginning.call),
        guarded(f"{one}.json", GET=session.as_json),
        guarded(f"{one}.csv", GET=session.as_csv),
        guarded(f"{one}/stream", GET=session.stream),
        guarded(f"{one}/actions", POST=session.act),
        guarded(one, GET=session.page),
        Mount("/", Guarded(visitors, pages, {"GET": nothing})),
    ]
    if facts.as_scenario is not None:
        inside.insert(-1, guarded(f"{one}/scenario", GET=saving(finder, facts.as_scenario)))
    return [Mount("/console", routes=inside)]


def saving(finder: Finder, as_scenario: AsScenario) -> Work:
    """A session as a scenario file."""

    async def save(request: Request, _: Visitor) -> Response:
        session_id = request.path_params["id"]
        await finder.find(session_id)
        name = f'attachment; filename="{session_id}.scenario.yaml"'
        text = await as_scenario(session_id)
        return Response(text, media_type="application/yaml", headers={"Content-Disposition": name})

    return save


async def nothing(_: Request, __: Visitor) -> Response:
    """There is no such page."""
    raise not_found("There is no such page.")


class Files(StaticFiles):
    """Scripts and styles: a browser asks each time whether its copy still holds, so that it mixes no releases."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        """The file, or that the copy holds."""
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def static_files() -> Path:
    """Where scripts and styles lie in the installed package."""
    return Path(str(files(PACKAGE) / "static"))


def numbers_of(assistants: Mapping[str, AssistantFacts]) -> set[str]:
    """Every number of ours."""
    return {number for facts in assistants.values() for number in (*facts.text_numbers, *facts.call_numbers)}
