"""The customer's application, as small as it gets, and a clock that only moves when it is told to."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.simulator import Handset, Simulator

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "not-a-secret"
OURS = "+19585550123"
PHONE = "+15550101234"
PUBLIC = "https://app.test"
API = f"/2010-04-01/Accounts/{ACCOUNT}"


class MovedClock:
    """Time that stands still until `advance`; sleepers wake in the order of their moments."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Unix seconds."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Until the clock was moved that far."""
        if seconds <= 0:
            return
        future = asyncio.get_running_loop().create_future()
        entry = (self._now + seconds, future)
        self._sleepers.append(entry)
        try:
            await future
        finally:
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper is not entry]

    async def advance(self, seconds: float) -> None:
        """Move time on, waking each sleeper at its moment and letting what follows happen."""
        end = self._now + seconds
        await settled()
        while due := sorted((at for at, future in self._sleepers if at <= end and not future.done())):
            self._now = due[0]
            for at, future in self._sleepers:
                if at <= self._now and not future.done():
                    future.set_result(None)
            await settled()
        self._now = end


async def settled() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(200):
        await asyncio.sleep(0)


@dataclass
class Asked:
    """One webhook as the application saw it."""

    method: str
    path: str
    url: str
    form: dict[str, str]
    headers: Mapping[str, str]


Answer = str | int | Response | Callable[[Asked], Awaitable[str]]


@dataclass
class Customer:
    """Answers by path: TwiML verbs, a status, a response, or a function. Keeps what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One webhook."""
        request = Request(scope, receive)
        body = (await request.body()).decode()
        query = f"?{request.url.query}" if request.url.query else ""
        path = request.url.path
        asked = Asked(
            request.method,
            path,
            f"{PUBLIC}{path}{query}",
            dict(parse_qsl(body or request.url.query, keep_blank_values=True)),
            request.headers,
        )
        self.asked.append(asked)
        response = await self._response(asked)
        await response(scope, receive, send)

    async def _response(self, asked: Asked) -> Response:
        answer = self.answers.get(asked.path, "")
        if callable(answer) and not isinstance(answer, Response):
            answer = await answer(asked)
        if isinstance(answer, int):
            return Response(status_code=answer)
        if isinstance(answer, Response):
            return answer
        return Response(f"<Response>{answer}</Response>", media_type="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        """The forms that a path was asked with, in order."""
        return [asked.form for asked in self.asked if asked.path == path]


class House:
    """A simulator and a customer's application, joined both ways in process."""

    def __init__(self) -> None:
        self.clock = MovedClock()
        self.customer = Customer()
        self.outward = httpx.AsyncClient(transport=httpx.ASGITransport(self.customer))
        self.sim = Simulator(account_sid=ACCOUNT, auth_token=TOKEN, clock=self.clock, http=self.outward)
        self.api = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.sim.app),
            base_url="https://api.test",
            headers={"Authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()},
        )
        self.sim.add_number(
            OURS,
            voice_url=f"{PUBLIC}/voice",
            sms_url=f"{PUBLIC}/sms",
            status_callback=f"{PUBLIC}/status",
        )
        self.sim.handset(PHONE)

    @property
    def phone(self) -> Handset:
        """The customer's phone."""
        return self.sim.handset(PHONE)

    async def send(self, **fields: str) -> httpx.Response:
        """Send a text by the API; keyword arguments replace the usual fields, an empty one drops its field."""
        form = {"To": PHONE, "From": OURS, "Body": "hello"} | fields
        return await self.api.post(f"{API}/Messages.json", data={k: v for k, v in form.items() if v})

    async def update(self, call_sid: str, **fields: str) -> httpx.Response:
        """Update a call by the API."""
        return await self.api.post(f"{API}/Calls/{call_sid}.json", data=fields)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sim.aclose()
        await self.api.aclose()
        await self.outward.aclose()


def path_of(url: str) -> str:
    """The path of an address."""
    return urlsplit(url).path
