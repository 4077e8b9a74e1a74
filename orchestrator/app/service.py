"""A wired service: every room of the house joined to the others, for one configuration."""

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
from orchestrator.app.leaving import told_by_signals
from orchestrator.app.lines import integrations, lines
from orchestrator.app.moving import PERIODIC
from orchestrator.app.phones import Phones
from orchestrator.app.simulated import build_carrier, build_phones, is_simulated
from orchestrator.app.sweeping import sweeper
from orchestrator.app.web import Offered, Web
from orchestrator.desk import DeskOfHouse
from orchestrator.ports import Clock
from orchestrator.runner import House, Runner
from orchestrator.runner.relays import RelaysOfHouse
from orchestrator.store import RedisStore
from orchestrator.timers import Ticker
from orchestrator.web.metrics import Metrics, WebhookMetrics
from orchestrator.web.traffic import Traffic, WebhookTraffic

GRACE = 10.0
"""Seconds for running turns at shutdown; a lease brings what is left to another process."""
SIMULATOR_PATH = "/simulator"


class Service:
    """A wired service. `app` serves it; `start` and `stop` are its lifespan; `carrier` is the built-in
    simulator where the configuration uses it. Assistants are asked by a client of their own: one that hangs
    holds no connection that another, or the carrier, waits for. `under_way` tells how many requests both
    clients wait for; `offered` is what the console can do beyond the configuration.
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
        offered: Offered | None = None,
        under_way: Callable[[], int] = lambda: 0,
    ) -> None:
        self.settings, self.store, self.clock = settings, store, clock
        self._http, self._asking = http, asking or http
        self._under_way = under_way
        self.leaving = False
        found = integrations(settings, settings.service.public_url + SIMULATOR_PATH, simulator_token)
        self.carrier = self._build_carrier(found, simulator_token)
        self.metrics = Metrics(version("tandem-orchestrator"), store_failures=lambda: store.link.failures)
        served = lines(
            settings, found, http=http, asking=self._asking, clock=clock, folder=folder, observer=self.metrics
        )
        self.house = House(store, served, clock, observer=self.metrics)
        self.runner = Runner(self.house)
        self.ticker = Ticker(self.house, self.runner, store)
        self.sweeper = sweeper(settings, found, house=self.house, runner=self.runner, store=store, http=http)
        self.desk = DeskOfHouse(self.house, self.runner, store)
        self.traffic = self._watched_traffic()
        self.phones = self._build_phones()
        self.app = self._build_app(self._routes(found, offered or Offered()))

    def _build_carrier(self, found: list[Integration], token: str) -> Simulator | None:
        if not is_simulated(self.settings):
            return None
        public_url = self.settings.service.public_url
        return build_carrier(public_url, found, token=token, clock=self.clock, http=self._http)

    def _build_phones(self) -> Phones | None:
        if self.carrier is None:
            return None
        return build_phones(
            self.settings,
            self.carrier,
            clock=self.clock,
            store=self.store,
            is_busy=self._is_busy,
            is_watched=lambda: bool(self.house.ears),
        )

    def _watched_traffic(self) -> Traffic:
        """The book of requests, which both clients write into."""
        traffic = Traffic(self.store, self.clock)
        for client in {self._http, self._asking}:
            traffic.watch(client)
        return traffic

    def _build_app(self, routes: list[BaseRoute]) -> Starlette:
        return Starlette(
            routes=routes,
            middleware=[
                Middleware(WebhookMetrics, metrics=self.metrics),
                Middleware(WebhookTraffic, traffic=self.traffic),
            ],
            lifespan=self._lifespan,
        )

    def _routes(self, found: list[Integration], offered: Offered) -> list[BaseRoute]:
        now, relays = self.clock.now, RelaysOfHouse(self.house, self.runner)
        simulator = [Mount(SIMULATOR_PATH, self.carrier.app)] if self.carrier is not None else []
        return [
            *twilio_routes(self.runner, found, now=now),
            *relay_routes(self.runner, relays, found, clock=self.clock, observe=self.metrics.first_word),
            *self._web(found, offered).routes(),
            *simulator,
        ]

    def _web(self, found: list[Integration], offered: Offered) -> Web:
        return Web(
            self.settings,
            house=self.house,
            store=self.store,
            desk=self.desk,
            clock=self.clock,
            metrics=self.metrics,
            draining=lambda: self.leaving or self.house.closing,
            source=TwilioMedia(self._http, found),
            offered=offered,
            simulation=self.phones,
        )

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
