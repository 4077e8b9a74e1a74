"""The carrier's API in the tests: it answers what it is told to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import httpx

from channels.twilio.integration import Integration
from channels.twilio.rest import TwilioCarrier
from orchestrator.ports import Carrier
from tests.channels.twilio.carrier import CUSTOMER, SUPPORT, integration

CALLBACK = {"assistant": "support", "customer": "ab12~CA1", "entry": "t7"}


class Api:
    """The carrier's API: answers what it is told to, in order, and keeps the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def form(self) -> list[tuple[str, str]]:
        """The fields of the only request."""
        (request,) = self.requests
        return parse_qsl(request.content.decode(), keep_blank_values=True)


@asynccontextmanager
async def carrier(api: Api, known: Integration | None = None) -> AsyncIterator[TwilioCarrier]:
    """The port over that API."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        yield TwilioCarrier(http, known or integration("messaging", base_url="http://carrier.test/"))


async def send(port: Carrier, media: tuple[str, ...] = ()) -> str:
    """Send a text."""
    return await port.send_message(to=CUSTOMER, sender=SUPPORT, body="Hello", media=media, callback=CALLBACK)


def made(sid: str = "SM1") -> httpx.Response:
    """The carrier took it."""
    return httpx.Response(201, json={"sid": sid, "status": "queued", "error_code": None})
