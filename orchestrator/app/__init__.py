"""The wiring: configuration in, a running service out. The only place where the rooms meet.

`build_app` is called by `tandem serve`, by the demo and by tests, with other stores, clocks and HTTP
clients. Nothing happens at import.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from channels.simulator.app import Simulator
from channels.twilio.integration import Integration
from channels.twilio.media import TwilioMedia
from channels.twilio.relay.routes import relay_routes
from channels.twilio.routes import routes as twilio_routes
from config import Settings
from orchestrator.app.clock import MovableClock, SystemClock
from orchestrator.app.leaving import told_by_signals
from orchestrator.app.lines import integrations, lines
from orchestrator.app.moving import PERIODIC, Counted
from orchestrator.app.past import Writing
from orchestrator.app.simulated import build_carrier, build_phones, is_simulated, owns_time, token_of
from orchestrator.app.sweeping import sweeper
from orchestrator.app.transport import UNLIMITED, Transport
from orchestrator.app.web import web_routes
from orchestrator.desk import DeskOfHouse
from orchestrator.ports import Clock
from orchestrator.runner import House, Runner
from orchestrator.runner.relays import RelaysOfHouse
from orchestrator.store import RedisStore
from orchestrator.store.base import Lifetimes
from orchestrator.store.connect import connect
from orchestrator.timers import Ticker
from orchestrator.web.console.settings import Examine
from orchestrator.web.metrics import Metrics, WebhookMetrics
from orchestrator.web.traffic import Traffic, WebhookTraffic

GRACE = 10.0
"""Seconds for running turns at shutdown; a lease brings what is left to another process."""
SIMULATOR_PATH = "/simulator"


class Service:
    """A wired service. `app` serves it; `start` and `stop` are its lifespan; `carrier` is the built-in
    simulator where the configuration uses it. Assistants are asked by a client of their own: one that hangs
    holds no connection that another, or the carrier, waits for. `under_way` tells how many requests both
    clients wait for.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: RedisStore,
        http: httpx.AsyncClient,
        clock: Clock,
        folder: Path,
        simulator_token: str,
        asking: httpx.AsyncClient | None = None,
        open_to_loopback: bool = False,
        examine: Examine | None = None,
        writing: Writing | None = None,
        under_way: Callable[[], int] = lambda: 0,
    ) -> None:
        self.settings = settings
        self._under_way = under_way
        self._open_to_loopback, self._examine, self._writing = open_to_loopback, examine, writing
        self.store = store
        self.clock = clock
        self._http = http
        self._asking = asking or http
        simulator_url = settings.service.public_url + SIMULATOR_PATH
        found = integrations(settings, simulator_url, simulator_token)
        self.carrier: Simulator | None = None
        if is_simulated(settings):
            self.carrier = build_carrier(
                settings.service.public_url, found, token=simulator_token, clock=clock, http=http
            )
        self.metrics = Metrics(version("tandem-orchestrator"), store_failures=lambda: store.link.failures)
        served = lines(
            settings, found, http=http, asking=self._asking, clock=clock, folder=folder, observer=self.metrics
        )
        self.house = House(store, served, clock, observer=self.metrics)
        self.runner = Runner(self.house)
        self.ticker = Ticker(self.house, self.runner, store)
        self.sweeper = sweeper(settings, found, house=self.house, runner=self.runner, store=store, http=http)
        self.desk = DeskOfHouse(self.house, self.runner, store)
        self.leaving = False
        self.traffic = Traffic(store, clock)
        for client in {http, self._asking}:
            self.traffic.watch(client)
        self.phones = (
            build_phones(
                settings,
                self.carrier,
                clock=clock,
                store=store,
                is_busy=self._is_busy,
                is_watched=lambda: bool(self.house.ears),
            )
            if self.carrier is not None
            else None
        )
        self.app = Starlette(
            routes=self._routes(found),
            middleware=[
                Middleware(WebhookMetrics, metrics=self.metrics),
                Middleware(WebhookTraffic, traffic=self.traffic),
            ],
            lifespan=self._lifespan,
        )

    def _routes(self, found: list[Integration]) -> list[BaseRoute]:
        made: list[BaseRoute] = [
            *twilio_routes(self.runner, found, now=self.clock.now),
            *relay_routes(
                self.runner,
                RelaysOfHouse(self.house, self.runner),
                found,
                clock=self.clock,
                observe=self.metrics.first_word,
            ),
            *web_routes(
                self.settings,
                house=self.house,
                store=self.store,
                desk=self.desk,
                clock=self.clock,
                metrics=self.metrics,
                draining=lambda: self.leaving or self.house.closing,
                source=TwilioMedia(self._http, found),
                open_to_loopback=self._open_to_loopback,
                examine=self._examine,
                writing=self._writing,
                simulation=self.phones,
            ),
        ]
        if self.carrier is not None:
            made.append(Mount(SIMULATOR_PATH, self.carrier.app))
        return made

    def _is_busy(self) -> bool:
        """Whether anything goes on besides looking for due work."""
        return self._under_way() > 0 or any(task.get_name() not in PERIODIC for task in self.house.tasks)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self.start()
        try:
            with told_by_signals(self.leave):
                yield
        finally:
            await self.stop()

    async def start(self) -> None:
        """Check the store and begin to look for due work."""
        await self.store.start()
        self.house.spawn(self.ticker.run(), "ticker")
        self.house.spawn(self.sweeper.run(), "sweeper")

    def leave(self) -> None:
        """The server takes no more connections: streams end, readiness is over; turns go on."""
        self.leaving = True

    async def stop(self) -> None:
        """Finish what runs, or give it back."""
        await self.house.settle_down(GRACE)
        self.traffic.close()
        if self.carrier is not None:
            await self.carrier.aclose()
        for line in self.house.lines.values():
            await line.assistant.close()
        await self._http.aclose()
        await self._asking.aclose()
        await self.store.close()


def build_app(
    settings: Settings,
    *,
    store: RedisStore | None = None,
    http: httpx.AsyncClient | None = None,
    clock: Clock | None = None,
    folder: Path | None = None,
    open_to_loopback: bool = False,
    examine: Examine | None = None,
    writing: Writing | None = None,
) -> Service:
    """Wire a service. What is not given is made from the configuration. `open_to_loopback` lets this
    machine look and act without a token, for the demo; `examine` is the doctor that the console may ask,
    `writing` how it writes a session as a scenario.
    """
    time = clock or (MovableClock() if store is None and owns_time(settings) else SystemClock())
    ways = Counted(Transport()), Counted(Transport(UNLIMITED))
    return Service(
        settings,
        store=store or open_store(settings, time),
        http=http or httpx.AsyncClient(transport=ways[0]),
        asking=http or httpx.AsyncClient(transport=ways[1]),
        clock=time,
        under_way=lambda: sum(way.under_way for way in ways),
        folder=folder or Path.cwd(),
        simulator_token=token_of(settings),
        open_to_loopback=open_to_loopback,
        examine=examine,
        writing=writing,
    )


def open_store(settings: Settings, clock: Clock | None = None) -> RedisStore:
    """The store that the configuration names; nothing is connected yet. A clock that can be moved is the
    store's, too; else the server's time holds.
    """
    service = settings.service
    store = connect(
        service.redis_url.reveal(),
        hash_key=service.hash_key.reveal().encode(),
        lifetimes=Lifetimes(retention=service.retention),
        clock=clock.now if isinstance(clock, MovableClock) else None,
        wait_replicas=service.wait_replicas,
    )
    store.has_running_clock = isinstance(clock, MovableClock)
    return store
