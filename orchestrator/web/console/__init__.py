"""The console under `/console/`: pages for people who run a service, live by server-sent events.

Pages are made here from templates; their scripts only carry changes in. What is decided is decided behind
`ports.Desk`, what is checked is checked by the API's own models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from orchestrator.ports import Clock, Desk, Operators, Reader, Store, Visits
from orchestrator.ports.simulation import Simulation
from orchestrator.ports.traffic import TrafficBook
from orchestrator.web.api.access import Tokens
from orchestrator.web.api.acting import Acting
from orchestrator.web.api.actions import AssistantFacts
from orchestrator.web.api.customers import Customers
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.letters import Letters
from orchestrator.web.api.once import Once
from orchestrator.web.api.problems import not_found
from orchestrator.web.api.records import Records
from orchestrator.web.console.again import Replay, replaying
from orchestrator.web.console.beginning import Beginning
from orchestrator.web.console.belonging import Owners
from orchestrator.web.console.doors import AsScenario, Doors, Listed, saving
from orchestrator.web.console.entrance import Entrance
from orchestrator.web.console.flow import Flow
from orchestrator.web.console.guard import Guarded
from orchestrator.web.console.heading import Headed
from orchestrator.web.console.letters import LettersPage
from orchestrator.web.console.live import Live
from orchestrator.web.console.pages import HEADERS, PACKAGE, Pages
from orchestrator.web.console.phone import PhonePage
from orchestrator.web.console.pictures import Pictures
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleFacts:
    """What the console is told of its service. What is None has no button."""

    public_url: str = ""
    timezone: str = "UTC"
    settings: Sequence[Setting] = ()
    examine: Examine | None = None
    as_scenario: AsScenario | None = None
    replay: Replay | None = None


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
    simulation: Simulation | None = None,
) -> list[BaseRoute]:
    """The console's routes; the last answers every other address under `/console`."""
    address = urlsplit(facts.public_url)
    pages = Pages(facts.timezone, has_phone=simulation is not None)
    visitors = Visitors(visits, tokens, public_host=address.netloc, https=address.scheme == "https")
    room = Room(pages, assistants=tuple(assistants), ours=numbers_of(assistants), clock=clock)
    doors, kept = Doors(visitors, pages), Records(reader, operators)
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
        has_replay=facts.replay is not None,
    )
    inside: list[BaseRoute] = [
        Mount("/static", Files(directory=static_files())),
        *entrance_routes(doors, Entrance(visitors, pages)),
        *doors.live(live, Beginning(acting)),
        *listed_routes(doors, room, reader, operators, kept, traffic, facts),
        *record_routes(
            doors, RecordsPage(room, kept, Customers(desk, reader, store, operators, tuple(assistants)))
        ),
        *letter_routes(
            doors, LettersPage(room, reader, operators, Letters(operators, lambda: store.partitions))
        ),
        *doors.session(session, saving(finder, facts.as_scenario), replaying(room, finder, facts.replay)),
    ]
    if simulation is not None:
        phone = PhonePage(room, reader, store, simulation, streams=streams)
        inside += phone_routes(doors, phone, Pictures(simulation))
    inside.append(Mount("/", Guarded(visitors, pages, {"GET": nothing})))
    return [
        *(Route(path, to_console, include_in_schema=False) for path in ("/", "/console")),
        Mount("/console", routes=inside, middleware=[Middleware(Headed)]),
    ]


def entrance_routes(doors: Doors, entrance: Entrance) -> list[Route]:
    """Signing in and out, and whole numbers for who may see them."""
    return [
        Route("/sign-in", entrance),
        doors.guarded("/sign-out", looks=True, POST=entrance.sign_out),
        doors.guarded("/reveal", looks=True, POST=entrance.reveal),
    ]


def listed_routes(
    doors: Doors,
    room: Room,
    reader: Reader,
    operators: Operators,
    kept: Records,
    traffic: TrafficBook,
    facts: ConsoleFacts,
) -> list[Route]:
    """The pages that list something, with their files."""
    requests = TrafficPage(room, traffic, Owners(reader, operators), has_replay=facts.replay is not None)
    listed: dict[str, Listed] = {
        "texts": Texts(room, reader, kept),
        "flow": Flow(room, reader),
        "settings": SettingsPage(room, operators, settings=facts.settings, examine=facts.examine),
        "traffic": requests,
    }
    return [
        *(route for name, page in listed.items() for route in doors.listed(name, page)),
        doors.guarded("/traffic/session", GET=requests.session),
    ]


def record_routes(doors: Doors, records: RecordsPage) -> list[Route]:
    """What is on record, and the removal of all that is stored of a customer."""
    erase = doors.guarded("/customers/{number}/erase", POST=records.erase)
    return [*doors.listed("records", records), erase]


def letter_routes(doors: Doors, letters: LettersPage) -> list[Route]:
    """The dead letters, and what is done with one."""
    works = letters.works().items()
    return [
        *doors.listed("dead-letters", letters),
        *(doors.guarded(f"/dead-letters/{{id}}/{name}", POST=work) for name, work in works),
    ]


def phone_routes(doors: Doors, phone: PhonePage, pictures: Pictures) -> list[Route]:
    """The phone's page, its changes, and what is done with it."""
    posts = {
        "acts": phone.act,
        "people": phone.add,
        "faults": phone.fail,
        "clock": phone.move,
        "pictures": pictures.keep,
    }
    return [
        doors.guarded("/phone", GET=phone.page),
        doors.guarded("/phone/stream", GET=phone.stream),
        doors.guarded("/phone/pictures/{id}", GET=pictures.show),
        *(doors.guarded(f"/phone/{name}", POST=work) for name, work in posts.items()),
    ]


async def to_console(_: Request) -> Response:
    """Who opens the bare address of the service wants the console."""
    return RedirectResponse("/console/", headers=HEADERS)


async def nothing(_: Request, __: Visitor) -> Response:
    """There is no such page."""
    raise not_found("There is no such page.")


class Files(StaticFiles):
    """Scripts and styles: a browser asks each time whether its copy still holds, so that it mixes no releases."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or why there is none: answered here, where answers get their headers."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            return PlainTextResponse(error.detail, error.status_code, headers=error.headers)

    def file_response(self, *args: Any, **more: Any) -> Response:
        """The file, or that the copy holds."""
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


def static_files() -> Path:
    """Where scripts and styles lie in the installed package."""
    return Path(str(files(PACKAGE) / "static"))


def numbers_of(assistants: Mapping[str, AssistantFacts]) -> set[str]:
    """Every number of ours."""
    return {number for facts in assistants.values() for number in (*facts.text_numbers, *facts.call_numbers)}
