"""The routes that people and tools call: health, the API and the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, asdict, dataclass, replace
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from channels.twilio import described as webhooks
from config import Settings
from config.origin import Origin
from config.origins import origins
from orchestrator.app.past import Past, as_scenario, replays
from orchestrator.outbox.queues import Length
from orchestrator.ports import Clock, Desk
from orchestrator.ports.media import MediaSource
from orchestrator.ports.simulation import Simulation
from orchestrator.runner import House
from orchestrator.store import RedisStore
from orchestrator.web.api import AssistantFacts, Others, Tokens, routes
from orchestrator.web.console import ConsoleFacts
from orchestrator.web.console import routes as console_routes
from orchestrator.web.console.settings import Examine, Setting
from orchestrator.web.feed import Feed
from orchestrator.web.health import PATHS, health_routes
from orchestrator.web.metrics import Metrics

HIDDEN = "•••"
SECRET_NAMES = ("token", "secret", "hash_key", "api_key", "password")
"""How the names of keys that hold secrets end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What whoever starts the service lets its pages do. `open_to_loopback` lets this machine in without a
    token, for the demo; `examine` is the doctor that the console may ask; `past` is what it does with
    sessions that happened.
    """

    open_to_loopback: bool = False
    examine: Examine | None = None
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """What the API and the console stand on. `draining` tells that the service ends; `simulation` is there
    with the built-in carrier.
    """

    settings: Settings
    _: KW_ONLY
    house: House
    store: RedisStore
    desk: Desk
    clock: Clock
    metrics: Metrics
    draining: Callable[[], bool]
    source: MediaSource
    offered: Offered
    simulation: Simulation | None

    def routes(self) -> list[BaseRoute]:
        """Health first: it answers when nothing else can."""
        known = tokens(self.settings, open_to_loopback=self.offered.open_to_loopback)
        feed = Feed(self.store, self.clock)
        return [*self._health(), *self._api(known, feed), *self._console(known, feed)]

    def _health(self) -> list[BaseRoute]:
        async def backlog() -> dict[str, int]:
            self.metrics.queues(self._lengths())
            return asdict(await self.store.backlog())

        probe = self.store.ping
        return [*health_routes(probe=probe, metrics=self.metrics, backlog=backlog, draining=self.draining)]

    def _api(self, known: Tokens, feed: Feed) -> list[BaseRoute]:
        return routes(
            reader=self.store,
            desk=self.desk,
            store=self.store,
            operators=self.store,
            assistants=self._assistants(),
            tokens=known,
            clock=self.clock,
            closing=self.draining,
            lengths=self._lengths,
            source=self.source,
            feed=feed,
            base=urlsplit(self.settings.service.public_url).path.rstrip("/"),
            others=Others({**webhooks.paths(), **PATHS}, webhooks.security_schemes()),
        )

    def _console(self, known: Tokens, feed: Feed) -> list[BaseRoute]:
        return console_routes(
            reader=self.store,
            desk=self.desk,
            store=self.store,
            operators=self.store,
            visits=self.store,
            traffic=self.store,
            assistants=self._assistants(),
            tokens=known,
            clock=self.clock,
            facts=self._facts(),
            feed=feed,
            closing=self.draining,
            simulation=self.simulation,
        )

    def _facts(self) -> ConsoleFacts:
        facts, past = console_facts(self.settings, self.offered.examine), self.offered.past
        if past is None:
            return facts
        return replace(
            facts,
            as_scenario=as_scenario(self.settings, past.writing, self.store, self.clock),
            replay=replays(past.replaying, self.store, self.clock),
        )

    def _assistants(self) -> dict[str, AssistantFacts]:
        return {name: AssistantFacts.of(line.rules) for name, line in self.house.lines.items()}

    def _lengths(self) -> dict[str, Length]:
        return self.house.queues.lengths(self.clock.now())


def tokens(settings: Settings, *, open_to_loopback: bool = False) -> Tokens:
    """The bearer tokens that the configuration names."""
    service = settings.service
    full, reading = service.api_token.reveal(), service.api_read_token.reveal()
    return Tokens(
        full=(full,) if full else (),
        read_only=(reading,) if reading else (),
        open_to_loopback=open_to_loopback,
    )


def console_facts(settings: Settings, examine: Examine | None) -> ConsoleFacts:
    """What the console shows of the configuration; secrets are hidden where values are read."""
    return ConsoleFacts(
        public_url=settings.service.public_url,
        timezone=settings.service.timezone,
        settings=[Setting(entry.path, shown(entry), entry.said) for entry in origins(settings)],
        examine=examine,
    )


def shown(entry: Origin) -> str:
    """A value for the console: of a secret only whether it is set."""
    plain = entry.shown.strip('[],"{} ')
    if plain and not plain.strip(f'{HIDDEN}[],"{{}} '):
        return "set"
    is_secret = entry.path.endswith(SECRET_NAMES)
    return "not set" if is_secret and not plain else entry.shown.strip('"')
