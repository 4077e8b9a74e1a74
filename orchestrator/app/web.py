"""The routes that people and tools call: health, the API and the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from starlette.routing import BaseRoute

from config import Settings
from config.origin import Origin
from config.origins import origins
from orchestrator.app.past import Writing, as_scenario
from orchestrator.outbox.queues import Length
from orchestrator.ports import Clock, Desk
from orchestrator.ports.media import MediaSource
from orchestrator.ports.simulation import Simulation
from orchestrator.runner import House
from orchestrator.store import RedisStore
from orchestrator.web.api import AssistantFacts, Tokens, routes
from orchestrator.web.console import ConsoleFacts
from orchestrator.web.console import routes as console_routes
from orchestrator.web.console.doors import AsScenario
from orchestrator.web.console.settings import Examine, Setting
from orchestrator.web.feed import Feed
from orchestrator.web.health import health_routes, store_probe
from orchestrator.web.metrics import Metrics

HIDDEN = "•••"
SECRET_NAMES = ("token", "secret", "hash_key", "api_key", "password")
"""How the names of keys that hold secrets end."""


def web_routes(
    settings: Settings,
    *,
    house: House,
    store: RedisStore,
    desk: Desk,
    clock: Clock,
    metrics: Metrics,
    draining: Callable[[], bool],
    source: MediaSource,
    open_to_loopback: bool = False,
    examine: Examine | None = None,
    writing: Writing | None = None,
    simulation: Simulation | None = None,
) -> list[BaseRoute]:
    """Health first: it answers when nothing else can. `draining` tells that the service ends;
    `open_to_loopback` lets this machine in without a token, for the demo; `simulation` is there with the
    built-in carrier; `writing` is how the console writes a session as a scenario.
    """
    known = tokens(settings, open_to_loopback=open_to_loopback)
    assistants = {name: AssistantFacts.of(line.rules) for name, line in house.lines.items()}
    feed = Feed(store, clock)

    def lengths() -> dict[str, Length]:
        return house.queues.lengths(clock.now())

    async def backlog() -> dict[str, int]:
        metrics.queues(lengths())
        return asdict(await store.backlog())

    return [
        *health_routes(probe=store_probe(store), metrics=metrics, backlog=backlog, draining=draining),
        *routes(
            reader=store,
            desk=desk,
            store=store,
            operators=store,
            assistants=assistants,
            tokens=known,
            clock=clock,
            closing=draining,
            lengths=lengths,
            source=source,
            feed=feed,
        ),
        *console_routes(
            reader=store,
            desk=desk,
            store=store,
            operators=store,
            visits=store,
            traffic=store,
            assistants=assistants,
            tokens=known,
            clock=clock,
            facts=console_facts(
                settings, examine, as_scenario(settings, writing, store, clock) if writing else None
            ),
            feed=feed,
            closing=draining,
            simulation=simulation,
        ),
    ]


def tokens(settings: Settings, *, open_to_loopback: bool = False) -> Tokens:
    """The bearer tokens that the configuration names."""
    service = settings.service
    full, reading = service.api_token.reveal(), service.api_read_token.reveal()
    return Tokens(
        full=(full,) if full else (),
        read_only=(reading,) if reading else (),
        open_to_loopback=open_to_loopback,
    )


def console_facts(
    settings: Settings, examine: Examine | None, writes: AsScenario | None = None
) -> ConsoleFacts:
    """What the console shows of the configuration; secrets are hidden where values are read."""
    return ConsoleFacts(
        public_url=settings.service.public_url,
        timezone=settings.service.timezone,
        settings=[Setting(entry.path, shown(entry), entry.said) for entry in origins(settings)],
        examine=examine,
        as_scenario=writes,
    )


def shown(entry: Origin) -> str:
    """A value for the console: of a secret only whether it is set."""
    plain = entry.shown.strip('[],"{} ')
    if plain and not plain.strip(f'{HIDDEN}[],"{{}} '):
        return "set"
    is_secret = entry.path.endswith(SECRET_NAMES)
    return "not set" if is_secret and not plain else entry.shown.strip('"')
