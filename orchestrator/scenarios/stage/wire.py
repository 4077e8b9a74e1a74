"""The wires of a play: HTTP between the carrier, the service and the bot, all in this process.

Requests are real: forms, signatures and JSON. What goes anywhere else fails the play, unless it is an
assistant of the configuration on this machine. The carrier's webhooks are kept, so that the play can have
one come twice, or two in the other order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from channels.simulator.sockets import Socket, dial_app
from orchestrator.scenarios.stage.clock import Time
from orchestrator.scenarios.stage.loop import LOCAL

CARRIER = "http://carrier.tandem.test"
BOT = "http://bot.tandem.test/turn"
DESK = "http://desk.tandem.test/told"
"""Where a help desk is told, instead of where the configuration says: it takes note, and does nothing."""
CAUSED = ("/twilio/voice", "/twilio/voice/turn", "/twilio/voice/status", "/twilio/sms")
"""Webhooks that something on the customer's side causes; the others follow from what we do."""
Respond = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Wires(httpx.AsyncBaseTransport):
    """Sends each request where its host says. `apps` are those of the workers that are alive, which requests to
    the service go to in turn.
    """

    def __init__(self, loop: Time, public_url: str, bot: Respond) -> None:
        self._loop = loop
        self._host = urlsplit(public_url).netloc
        self._prefix = urlsplit(public_url).path.rstrip("/")
        self._bot = bot
        self.apps: list[Any] = []
        self.carrier: Any = None
        self.last_webhook: httpx.Request | None = None
        self.last_answer: tuple[int, bytes] | None = None
        self.swapping = False
        self.carrier_down_until = float("-inf")
        self._held: asyncio.Future[None] | None = None
        self._under_way: dict[asyncio.Task[httpx.Response], Any] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail it as a network would."""
        await request.aread()
        host = request.url.netloc.decode()
        if host == self._host:
            return await self._to_service(request)
        if host == urlsplit(CARRIER).netloc:
            return await self._to_carrier(request)
        if host == urlsplit(BOT).netloc:
            return await self._bot(request)
        if host == urlsplit(DESK).netloc:
            return httpx.Response(httpx.codes.NO_CONTENT, request=request)
        return await self._outside(request)

    async def repeat(self) -> bool | None:
        """Send the last webhook of the customer's side again; whether it got the same answer, None where
        there was none yet to compare.
        """
        request, before = self.last_webhook, self.last_answer
        if request is None:
            return None
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        answer = await self._serve(copy)
        if before is None:
            return None
        return before == (answer.status_code, answer.content)

    def kill(self, dead: Any) -> None:
        """A worker dies: what it was answering is never answered."""
        self.apps.remove(dead)
        for task, app in list(self._under_way.items()):
            if app is dead:
                task.cancel()

    def _next(self) -> Any:
        """The worker whose turn it is."""
        self.apps.append(self.apps.pop(0))
        return self.apps[-1]

    def let_go(self) -> None:
        """A webhook that waits for another one to overtake it waits no longer."""
        self.swapping = False
        if self._held is not None and not self._held.done():
            self._held.set_result(None)

    async def _to_carrier(self, request: httpx.Request) -> httpx.Response:
        if self._loop.time() < self.carrier_down_until:
            raise httpx.ConnectError("the play has the carrier away", request=request)
        return await _ask(self.carrier, request)

    async def _to_service(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(self._prefix)
        if path not in CAUSED or "X-Twilio-Signature" not in request.headers:
            return await self._serve(request)
        self.last_webhook, self.last_answer = request, None
        await self._in_order()
        try:
            answer = await self._serve(request)
        finally:
            self._overtaken()
        if self.last_webhook is request and answer.is_success:  # a refusal asks for another try
            self.last_answer = (answer.status_code, answer.content)
        return answer

    async def _in_order(self) -> None:
        """The first of two that swap waits for the second."""
        if self.swapping and self._held is None:
            self._held = self._loop.create_future()
            await self._held
            self._held = None

    def _overtaken(self) -> None:
        if self.swapping and self._held is not None:
            self.let_go()

    async def _serve(self, request: httpx.Request) -> httpx.Response:
        app = self._next()
        task = asyncio.ensure_future(_ask(app, self._behind_proxy(request)))
        self._under_way[task] = app
        try:
            await asyncio.wait({task})
        finally:
            self._under_way.pop(task, None)
            task.cancel()
        if task.cancelled():
            raise httpx.ReadError("the worker died", request=request)
        return task.result()

    def _behind_proxy(self, request: httpx.Request) -> httpx.Request:
        """The request as it is after what stands before the service has taken off the path of `public_url`."""
        url = request.url.copy_with(path=request.url.path.removeprefix(self._prefix))
        return httpx.Request(request.method, url, headers=request.headers, content=request.content)

    async def dial(self, url: str, headers: Mapping[str, str]) -> Socket:
        """A socket of the carrier's to the service."""
        parts = urlsplit(url)
        inside = parts._replace(path=parts.path.removeprefix(self._prefix))
        return await dial_app(self._next())(urlunsplit(inside), headers)

    async def _outside(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in LOCAL:
            self._loop.attempts.append(request.url.host)
            raise httpx.ConnectError(f"a play does not reach {request.url.host}", request=request)
        with self._loop.outside():
            limits = httpx.Limits(max_keepalive_connections=0)
            async with httpx.AsyncHTTPTransport(limits=limits) as real:
                answer = await real.handle_async_request(request)
                content = await answer.aread()
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=content, request=request)


async def _ask(app: Any, request: httpx.Request) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    answer = await transport.handle_async_request(request)
    content = await answer.aread()
    return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)
