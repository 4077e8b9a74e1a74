"""The service of a play: the configuration it runs with, its workers, and the carrier beside it.

Everything is wired by `orchestrator.app`; only the store's address, the carrier's and, unless it is live,
the assistant's are those of the play.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

from channels.simulator.app import Simulator
from channels.simulator.sockets import dial_app
from channels.twilio import urls
from config import ConfigError, Settings, parse
from config.backends import Http
from config.environment import variable_of
from config.secret import Secret
from config.settings import Assistant
from orchestrator.app import Service
from orchestrator.app.simulated import pointed
from orchestrator.core.errors import StoreUnavailable
from orchestrator.scenarios.play import NOWHERE, Place, Play
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.store import AGAIN, Server, Wire
from orchestrator.scenarios.stage.wire import BOT, CARRIER, Wires

BUILT_IN = """
service: {public_url: 'https://tandem.test', redis_url: 'memory://', api_token: play-api-token}
assistants:
  support:
    backend: {kind: scripted}
    phone: {numbers: [+19585550123], base_url: simulator}
    messaging: {numbers: [+19585550123], base_url: simulator}
"""
"""What a play runs with that has no configuration beside it."""
UNPACED = float("inf")
"""Calls a second, where the play does not say: no time passes between its lines."""
ACCOUNT = "AC" + "0" * 32
TOKEN = Secret("play-carrier-token")
SECRET = Secret("whsec_cGxheS1zZWNyZXQtcGxheS1zZWNyZXQtMTI=")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A `tandem.yaml`: its text, the name that reports give it (files are sought beside it), and the
    environment that it is read in.
    """

    text: str = BUILT_IN
    name: str = "built-in"
    environ: Mapping[str, str] | None = None


def settings_of(play: Play, configuration: Configuration, live: str) -> tuple[str, Settings]:
    """The assistant that plays, and the configuration with only that one. `live` names the one that
    answers itself.
    """
    environ = dict(configuration.environ or {})
    try:
        plain = _parsed(configuration.text, configuration.name, tuple(environ.items()))
        name = live or play.assistant or next(iter(plain.assistants))
        if name not in plain.assistants:
            known = ", ".join(plain.assistants)
            raise FailedError(play.place, f"the configuration has no assistant {name!r}", known, name)
        changed = environ | {
            variable_of(f"assistants.{name}.{key}"): _written(setting.value)
            for key, setting in play.settings.items()
        }
        settings = _parsed(configuration.text, configuration.name, tuple(changed.items()))
    except ConfigError as error:
        raise FailedError(_blamed(play, error), _first(error)) from error
    own = _staged(
        settings.assistants[name], is_live=bool(live), is_paced="phone.calls_per_second" in play.settings
    )
    service = replace(settings.service, redis_url=Secret("memory://"), timezone=play.zone)
    return name, replace(settings, service=service, assistants={name: own})


@lru_cache(maxsize=64)
def _parsed(text: str, name: str, environ: tuple[tuple[str, str], ...]) -> Settings:
    """A configuration; plays that have the same one read it once."""
    return parse(text, name=name, environ=dict(environ))


def _staged(assistant: Assistant, *, is_live: bool, is_paced: bool) -> Assistant:
    at_carrier: dict[str, Any] = {"base_url": CARRIER, "account_sid": ACCOUNT, "auth_token": (TOKEN,)}
    old = assistant.backend
    played = Http(
        kind="http",
        url=BOT,
        secret=SECRET,
        headers={},
        timeout=old.timeout,
        retries=old.retries,
        max_concurrent=old.max_concurrent,
        max_waiting=old.max_waiting,
    )
    pace: dict[str, Any] = {} if is_paced else {"calls_per_second": UNPACED}
    return replace(
        assistant,
        backend=old if is_live else played,
        phone=replace(assistant.phone, **at_carrier, **pace) if assistant.phone else None,
        messaging=replace(assistant.messaging, **at_carrier) if assistant.messaging else None,
    )


def _written(value: Any) -> str:
    """A setting as it stands in a variable of the environment."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    return str(value)


def _blamed(play: Play, error: ConfigError) -> Place:
    """The setting that the configuration's mistake is about, if it is one of the play's."""
    named = f"{error.problems[0].path} {error.problems[0].message}".upper().replace("-", "_")
    for key, setting in play.settings.items():
        if key.upper() in named or variable_of(key).removeprefix("TANDEM_") in named:
            return setting.place
    return play.place if play.place != NOWHERE else NOWHERE


def _first(error: ConfigError) -> str:
    problem = error.problems[0]
    return f"the configuration is refused: {problem.path + ': ' if problem.path else ''}{problem.message}"


class Staged:
    """The running service with its carrier. `service` is the worker that is alive."""

    def __init__(
        self, name: str, settings: Settings, clock: VirtualClock, wires: Wires, server: Server, folder: Path
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
        self.service, self._wire = self._build_worker()

    @property
    def assistant(self) -> Assistant:
        """What the configuration says of the one that plays."""
        return self.settings.assistants[self.name]

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.wires, trust_env=False)

    def _build_carrier(self) -> Simulator:
        carrier = Simulator(
            account_sid=ACCOUNT,
            auth_token=TOKEN.reveal(),
            clock=self.clock,
            http=self._client(),
            dial=lambda url, headers: dial_app(self.wires.service)(url, headers),  # noqa: PLW0108 - the worker changes
            ids=self._next_id,
        )
        phone, messaging = self.assistant.phone, self.assistant.messaging
        calls = set(phone.numbers if phone else ())
        texts = set(messaging.numbers if messaging else ())
        for number in sorted(calls | texts):
            carrier.add_number(number, **self._addresses(calls=number in calls, texts=number in texts))
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
        self.wires.service = service.app
        return service, wire

    async def start(self) -> None:
        """The worker is ready. Its own ticker is not begun: `look` comes when something is due."""
        await self.service.store.start()
        if self.observer is not None:
            self.service.house.observer = self.observer

    async def look(self) -> None:
        """See to what is due."""
        try:
            await self.service.ticker.look()
        except StoreUnavailable:
            await asyncio.sleep(0)

    def next_due(self) -> float | None:
        """When something is to be looked at, Unix seconds."""
        due = self.server.next_due()
        if due is not None and self.server.is_down:
            return max(due, min(self.server.down_until, self.clock.now() + AGAIN))
        return due

    async def replace_worker(self) -> None:
        """The worker dies without a last word, and another one goes on."""
        self._wire.cut()
        self.wires.kill()
        self._dead.append((self.service, self._wire))
        self.service, self._wire = self._build_worker()
        await self.start()

    async def stop(self) -> None:
        """End everything, without waiting for anything."""
        await self.carrier.aclose()
        for service, wire in (*self._dead, (self.service, self._wire)):
            service.house.closing = True
            wire.end()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for _ in range(3):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
