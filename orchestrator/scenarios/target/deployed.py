"""The carrier's and the assistant's side of a running service, served where its configuration leads."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import Settings
from config.backends import Http
from config.secret import Secret
from orchestrator.scenarios.stage.bot import PlayBot
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.service import Staged
from orchestrator.scenarios.stage.store import Server
from orchestrator.scenarios.stage.wire import Wires
from orchestrator.scenarios.target.pace import Pace
from orchestrator.scenarios.target.settings import Address, address_of, sections

Touch = Callable[[], None]


class Elsewhere(Server):
    """The store of the running service: nothing is known of it here."""

    def next_due(self) -> float | None:
        """The service looks by itself."""
        return None

    def dead_letters(self) -> int:
        """They are the operators' to look at."""
        return 0


class Deployed(Staged):
    """A service that runs, with its carrier here. It has no workers of ours."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        clock: VirtualClock,
        wires: Wires,
        pace: Pace,
        bot: PlayBot | None,
    ) -> None:
        self._settings, self._own = settings, next(iter(sections(settings.assistants[name])))
        super().__init__(name, settings, clock, wires, Elsewhere(clock), Path(), workers=0)
        self._pace = pace
        self._bot = bot
        self._servers: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    @property
    def _account(self) -> tuple[str, Secret]:
        return self._own.account_sid, self._own.auth_token[0]

    def _next_id(self) -> str:
        return uuid.uuid4().hex  # the service remembers those of other plays

    async def start(self) -> None:
        """Listen as the carrier, and as the assistant if the play answers for it."""
        await self._serve(touching(self.carrier.app, self._pace.touch), address_of(self._own.base_url))
        backend = self.assistant.backend
        if self._bot is not None and isinstance(backend, Http):
            base = "{0.scheme}://{0.netloc}".format(urlsplit(backend.url))
            await self._serve(touching(bot_app(self._bot), self._pace.touch), address_of(base))

    async def _serve(self, app: Any, at: Address) -> None:
        config = uvicorn.Config(
            app, host=at.host, port=at.port, log_level="critical", access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        task = asyncio.ensure_future(server._serve())  # noqa: SLF001 - `serve` would take this process's signals
        self._servers.append((server, task))
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.005)
        if task.done():
            raise OSError(f"cannot listen on {at.host}:{at.port}")

    async def stop(self) -> None:
        """Hang up, and listen no more."""
        await self.carrier.aclose()
        for server, task in self._servers:
            server.should_exit = server.force_exit = True
            await asyncio.gather(task, return_exceptions=True)


class Network(Wires):
    """The wires to a service at an address: its own public one is kept in what is signed."""

    def __init__(self, pace: Pace, public_url: str, url: str, bot: PlayBot) -> None:
        super().__init__(pace, public_url, bot)
        self._pace = pace
        self._to = httpx.URL(url.rstrip("/"))
        self._real = httpx.AsyncHTTPTransport(retries=0)
        self.asking = 0
        self.hooking = 0

    async def _serve(self, request: httpx.Request) -> httpx.Response:
        is_hook = "X-Twilio-Signature" in request.headers
        self._count(is_hook, 1)
        try:
            answer = await self._real.handle_async_request(self._addressed(request))
            content = await answer.aread()
        finally:
            self._count(is_hook, -1)
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=content, request=request)

    def _count(self, is_hook: bool, by: int) -> None:
        self._pace.touch()
        if is_hook:
            self.hooking += by
        else:
            self.asking += by

    def _addressed(self, request: httpx.Request) -> httpx.Request:
        """The request at the address; `Host` stays the public one."""
        path = self._to.raw_path.rstrip(b"/") + request.url.raw_path[len(self._prefix) :]
        url = self._to.copy_with(raw_path=path)
        return httpx.Request(
            request.method,
            url,
            headers=request.headers,
            content=request.content,
            extensions=request.extensions,
        )

    async def aclose(self) -> None:
        """Drop the connections."""
        await self._real.aclose()


class Answering(PlayBot):
    """The assistant as the play's people see it: whoever else asks is answered with nothing."""

    def __init__(self, now: Callable[[], float], people: Collection[str]) -> None:
        super().__init__(now)
        self._people = people

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """As `PlayBot`."""
        asked = httpx.Response(200, content=request.content).json()
        number = asked["customer"]["phone_number"]
        if number and number not in self._people:
            return httpx.Response(200, json={"responses": []}, request=request)
        return await super().__call__(request)


def bot_app(bot: PlayBot) -> Starlette:
    """The assistant as an app that answers at any path."""

    async def answer(request: Request) -> Response:
        asked = httpx.Request("POST", str(request.url), content=await request.body())
        given = await bot(asked)
        if not given.is_success:
            return Response(status_code=given.status_code)
        return JSONResponse(given.json())

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])


def touching(app: Any, touch: Touch) -> Any:
    """The app, with a touch at each beginning and end of a request."""

    async def touched(scope: Any, receive: Any, send: Any) -> None:
        touch()
        try:
            await app(scope, receive, send)
        finally:
            touch()

    return touched
