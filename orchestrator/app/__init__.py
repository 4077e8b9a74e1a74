"""The wiring: configuration in, a running service out. The only place where the rooms meet.

`build_app` is called by `tandem serve`, by the demo and by tests, with other stores, clocks and HTTP
clients. Nothing happens at import.
"""

from __future__ import annotations

from pathlib import Path

import httpx

from config import Settings
from orchestrator.app.clock import MovableClock, SystemClock
from orchestrator.app.moving import Counted
from orchestrator.app.past import Past
from orchestrator.app.service import GRACE, SIMULATOR_PATH, Service
from orchestrator.app.simulated import owns_time, token_of
from orchestrator.app.transport import UNLIMITED, Transport
from orchestrator.app.web import Offered
from orchestrator.ports import Clock
from orchestrator.store import RedisStore
from orchestrator.store.base import Lifetimes
from orchestrator.store.connect import connect
from orchestrator.web.console.settings import Examine

__all__ = ["GRACE", "SIMULATOR_PATH", "Service", "build_app", "open_store"]


def build_app(
    settings: Settings,
    *,
    store: RedisStore | None = None,
    http: httpx.AsyncClient | None = None,
    clock: Clock | None = None,
    folder: Path | None = None,
    open_to_loopback: bool = False,
    examine: Examine | None = None,
    past: Past | None = None,
) -> Service:
    """Wire a service. What is not given is made from the configuration. `open_to_loopback` lets this
    machine look and act without a token, for the demo; `examine` is the doctor that the console may ask,
    `past` what it does with sessions that happened.
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
        offered=Offered(open_to_loopback=open_to_loopback, examine=examine, past=past),
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
