"""The whole house in one process: the service, the carrier simulator, a bot, and a clock that stands still.

HTTP goes through ASGI transports: forms, signatures and JSON are real, sockets are not.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

import httpx

from channels.simulator.app import Simulator
from channels.simulator.handset import Handset
from channels.simulator.sockets import dial_app
from config import parse
from orchestrator.app import Service, build_app
from orchestrator.desk import DeskOfHouse
from orchestrator.store import RedisStore, memory_store
from tests.fakes.bot import FakeBot
from tests.fakes.clock import FakeClock, settle

NUMBER = "+19585550123"
ANA = "+15550101234"
SID = "AC" + "a" * 32
TOKEN = "carrier-token"
API_TOKEN = "api-token"
BASE = "http://tandem.test"
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtMTI="


HTTP_BOT = f"{{kind: http, url: 'http://bot.test/turn', secret: {SECRET}}}"


def configuration(
    phone: dict[str, Any] | None = None,
    messaging: dict[str, Any] | None = None,
    backend: str = HTTP_BOT,
    others: dict[str, str] | None = None,
    hooks: str = "",
) -> str:
    """A `tandem.yaml` for the assistant `support`, with these settings besides the needed ones, and for
    `others`, each with a number of its own. `hooks` is its section, in flow style.
    """
    account = f"account_sid: {SID}, auth_token: {TOKEN}, base_url: 'http://carrier.test'"
    return f"""
service: {{public_url: '{BASE}', redis_url: 'memory://', api_token: {API_TOKEN}}}
assistants:
  support:
    backend: {backend}
    phone: {{numbers: ['{NUMBER}'], {account}{_extra(phone)}}}
    messaging: {{numbers: ['{NUMBER}'], {account}{_extra({"sweep_look_back": "0s", **(messaging or {})})}}}
    {f"hooks: {hooks}" if hooks else ""}
""" + "".join(
        f"""
  {name}:
    backend: {{kind: http, url: 'http://bot.test/turn', secret: {SECRET}}}
    phone: {{numbers: ['{number}'], {account}}}
    messaging: {{numbers: ['{number}'], {account}, sweep_look_back: 0s}}
"""
        for name, number in (others or {}).items()
    )


def _extra(fields: dict[str, Any] | None) -> str:
    return "".join(f", {name}: {value!r}" for name, value in (fields or {}).items())


class World:
    """`async with World() as world`: call, text, move the clock, look."""

    def __init__(
        self,
        *,
        phone: dict[str, Any] | None = None,
        messaging: dict[str, Any] | None = None,
        backend: str = HTTP_BOT,
        others: dict[str, str] | None = None,
        hosts: dict[str, Any] | None = None,
        hooks: str = "",
    ) -> None:
        self.hosts = hosts or {}
        self.clock = FakeClock()
        self.bot = FakeBot()
        self.store: RedisStore = memory_store(clock=self.clock.now)
        written = configuration(phone, messaging, backend, others, hooks)
        settings = parse(written, name="tandem.yaml", environ={})
        self.mounts: dict[str, httpx.AsyncBaseTransport] = {}
        self.http = httpx.AsyncClient(mounts=self.mounts)
        self.carrier = Simulator(
            account_sid=SID,
            auth_token=TOKEN,
            clock=self.clock,
            http=self._client(),
            dial=lambda url, headers: dial_app(self.service.app)(url, headers),  # noqa: PLW0108 - the service is made later
        )
        self.service: Service = build_app(settings, store=self.store, http=self._client(), clock=self.clock)
        for number in (NUMBER, *(others or {}).values()):
            self.carrier.add_number(
                number,
                voice_url=f"{BASE}/twilio/voice",
                voice_fallback_url=f"{BASE}/twilio/voice/fallback",
                sms_url=f"{BASE}/twilio/sms",
                sms_fallback_url=f"{BASE}/twilio/sms/fallback",
                status_callback=f"{BASE}/twilio/voice/status",
            )

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=_Switch(self))

    async def __aenter__(self) -> Self:
        await self.service.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.carrier.aclose()
        self.service.house.closing = True
        for task in set(self.service.house.tasks):
            task.cancel()
        await asyncio.gather(*self.service.house.tasks, return_exceptions=True)
        await self.service.stop()

    def handset(self, number: str = ANA) -> Handset:
        """A customer's phone."""
        return self.carrier.handset(number)

    def interruptions(self) -> int:
        """How often the carrier was told to change a live call."""
        requests = (event.data for event in self.carrier.events if event.kind == "request")
        return sum(data["method"] == "POST" and data["resource"].startswith("Calls/CA") for data in requests)

    @property
    def desk(self) -> DeskOfHouse:
        """Actions and sessions of ours, as the API asks for them."""
        return self.service.desk

    async def idle(self) -> None:
        """Until nothing runs that could still run without the clock."""
        for _ in range(12):
            await settle()

    async def api(self, path: str, **query: str) -> Any:
        """A GET of the API."""
        async with self._client() as client:
            answer = await client.get(
                f"{BASE}/api/v1{path}", params=query, headers={"Authorization": f"Bearer {API_TOKEN}"}
            )
        return answer.json()

    async def session(self) -> dict[str, Any]:
        """The newest session, ended ones among them."""
        await self.idle()
        states = "dialing,transferring,awaiting_text,in_call_and_text,in_call,text_only,ended"
        found: list[dict[str, Any]] = (await self.api("/sessions", state=states))["sessions"]
        return found[0]

    async def state(self) -> str:
        """The state of the newest session, once nothing runs any more."""
        state: str = (await self.session())["state"]
        return state


class _Switch(httpx.AsyncBaseTransport):
    """Sends each request to the app that its host names."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        apps: dict[str, Any] = {
            "tandem.test": self._world.service.app,
            "carrier.test": self._world.carrier.app,
            "bot.test": self._world.bot.app,
            **self._world.hosts,
        }
        app = apps[request.url.host]
        if isinstance(
            app, httpx.AsyncBaseTransport
        ):  # one that streams, as an app behind a transport does not
            return await app.handle_async_request(request)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        return await transport.handle_async_request(request)
