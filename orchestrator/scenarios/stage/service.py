"""The service of a play: its workers, wired by `orchestrator.app`, and the carrier beside them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx

from channels.simulator.app import Simulator
from channels.twilio import urls
from config import Settings
from config.secret import Secret
from config.settings import Assistant
from orchestrator.app import Service
from orchestrator.app.simulated import pointed
from orchestrator.core.errors import StoreUnavailable
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.configuration import ACCOUNT, TOKEN
from orchestrator.scenarios.stage.store import AGAIN, Server, Wire
from orchestrator.scenarios.stage.wire import Wires

SWEPT = "before the play"


class Staged:
    """The running service with its carrier, of one worker or several, to which requests go in turn. `service` is
    the worker that has been alive longest.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        clock: VirtualClock,
        wires: Wires,
        server: Server,
        folder: Path,
        workers: int = 1,
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock
        self.wires = wires
        self.server = server
        self._folder = folder
        self._count = 0
        self._dead: list[tuple[Service, Wire]] = []
        self.observer: Any = None
        self.carrier = self._build_carrier()
        wires.carrier = self.carrier.app
        self._alive = [self._build_worker() for _ in range(workers)]

    @property
    def service(self) -> Service:
        """The worker that has been alive longest."""
        return self._alive[0][0]

    @property
    def assistant(self) -> Assistant:
        """What the configuration says of the one that plays."""
        return self.settings.assistants[self.name]

    @property
    def _account(self) -> tuple[str, Secret]:
        """The carrier's account, and its token."""
        return ACCOUNT, TOKEN

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.wires, trust_env=False)

    def _build_carrier(self) -> Simulator:
        carrier = Simulator(
            account_sid=self._account[0],
            auth_token=self._account[1].reveal(),
            clock=self.clock,
            http=self._client(),
            dial=self.wires.dial,
            ids=self._next_id,
        )
        phone, messaging = self.assistant.phone, self.assistant.messaging
        calls = set(phone.numbers if phone else ())
        texts = set(messaging.numbers if messaging else ())
        for number in sorted(calls | texts):
            # Advanced Opt-Out, which names the keyword in the webhook, is a feature of Messaging Services.
            told = bool(messaging and messaging.messaging_service_sid and number in texts)
            addresses = self._addresses(calls=number in calls, texts=number in texts)
            carrier.add_number(number, advanced_opt_out=told, **addresses)
        if messaging and messaging.messaging_service_sid:
            carrier.add_messaging_service(messaging.messaging_service_sid, messaging.numbers)
        return carrier

    def _addresses(self, *, calls: bool, texts: bool) -> dict[str, Any]:
        """Where a number of ours points, as `tandem numbers point` sets it."""
        public = self.settings.service.public_url
        voice = {
            "voice_url": urls.VOICE,
            "voice_fallback_url": urls.VOICE_FALLBACK,
            "status_callback": urls.VOICE_STATUS,
        }
        sms = {"sms_url": urls.SMS, "sms_fallback_url": urls.SMS_FALLBACK}
        wanted = (voice if calls else {}) | (sms if texts else {})
        return {field: pointed(public, path) for field, path in wanted.items()}

    def _next_id(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def _build_worker(self) -> tuple[Service, Wire]:
        store, wire = self.server.connect(self.settings.service.retention)
        service = Service(
            self.settings,
            store=store,
            http=self._client(),
            clock=self.clock,
            folder=self._folder,
            simulator_token="",
        )
        self.wires.apps.append(service.app)
        return service, wire

    async def start(self) -> None:
        """All workers are ready, and the numbers were swept, as they are in a service's first second."""
        for service, _ in self._alive:
            await self._start(service)
        store = self.service.store
        for number in self.assistant.messaging.numbers if self.assistant.messaging else ():
            await store.begin_sweep(self.name, number, SWEPT, 1.0)
            await store.end_sweep(self.name, number, SWEPT, self.clock.now())

    async def _start(self, service: Service) -> None:
        """A worker is ready. Its own ticker and sweeper are not begun: `look` comes when something is due.
        Of sweeps those are made that a fault asks for: without one they find nothing.
        """
        await service.store.start()
        service.sweeper.begin(is_fault=bool(self._dead))
        if self.observer is not None:
            service.house.observer = self.observer

    async def look(self) -> None:
        """See to what is due: each worker takes what another has not."""
        for service, _ in list(self._alive):
            service.sweeper.look()
            try:
                await service.ticker.look()
            except StoreUnavailable:
                await asyncio.sleep(0)

    def next_due(self) -> float | None:
        """When something is to be looked at, Unix seconds."""
        due = self.server.next_due()
        if due is not None and self.server.is_down:
            due = max(due, min(self.server.down_until, self.clock.now() + AGAIN))
        sweeps = [service.sweeper.wanted_at() for service, _ in self._alive]
        return min((moment for moment in (due, *sweeps) if moment is not None), default=None)

    async def replace_worker(self) -> None:
        """The worker dies without a last word, and another one goes on."""
        service, wire = self._alive.pop(0)
        wire.cut()
        self.wires.kill(service.app)
        self._dead.append((service, wire))
        self._alive.append(self._build_worker())
        await self._start(self._alive[-1][0])

    async def stop(self) -> None:
        """End everything, without waiting for anything."""
        await self.carrier.aclose()
        for service, wire in (*self._dead, *self._alive):
            service.house.closing = True
            wire.end()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for _ in range(3):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        self.server.close()
