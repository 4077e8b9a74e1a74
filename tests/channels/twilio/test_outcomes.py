"""What each way of failing says about whether the carrier did what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from channels.twilio.rest import TwilioCarrier
from orchestrator.core.errors import CarrierError
from tests.channels.twilio.api import Api, carrier, send
from tests.channels.twilio.carrier import CUSTOMER, SUPPORT, TOKEN, integration

FIRST = datetime(2026, 9, 21, 13, 33, 10, tzinfo=UTC).timestamp()


def refused(status: int, code: int | None) -> httpx.Response:
    """The carrier's error answer."""
    return httpx.Response(status, json={"code": code, "message": f"to {CUSTOMER}", "status": status})


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "outcome", "code", "status"),
    [
        (refused(400, 21610), "refused", 21610, 400),
        (refused(400, 21220), "refused", 21220, 400),
        (refused(401, 20003), "refused", 20003, 401),
        (refused(404, 20404), "refused", 20404, 404),
        (refused(422, None), "refused", 0, 422),
        (httpx.Response(403, text="<html>"), "refused", 0, 403),
        (httpx.Response(307, headers={"Location": "https://evil.example/"}), "refused", 0, 307),
        (refused(429, 20429), "not_sent", 20429, 429),
        (httpx.Response(429), "not_sent", 0, 429),
        (refused(400, 21611), "not_sent", 21611, 400),
        (refused(500, 20500), "unknown", 20500, 500),
        (httpx.Response(503, text="later"), "unknown", 0, 503),
        (httpx.Response(201, text="<html>"), "unknown", 0, 201),
        (httpx.Response(201, json=[]), "unknown", 0, 201),
        (httpx.Response(201, json={"status": "queued"}), "unknown", 0, 0),
        (httpx.ConnectError("refused"), "not_sent", 0, 0),
        (httpx.ConnectTimeout("slow"), "not_sent", 0, 0),
        (httpx.PoolTimeout("busy"), "not_sent", 0, 0),
        (httpx.ReadTimeout("slow"), "unknown", 0, 0),
        (httpx.WriteTimeout("slow"), "unknown", 0, 0),
        (httpx.ReadError("reset"), "unknown", 0, 0),
        (httpx.WriteError("reset"), "unknown", 0, 0),
        (httpx.RemoteProtocolError("dropped"), "unknown", 0, 0),
        (ConnectionResetError("reset"), "unknown", 0, 0),
    ],
)
async def test_every_failure_has_an_outcome(
    answer: httpx.Response | Exception, outcome: str, code: int, status: int
) -> None:
    """What was refused, what never left, and what may have been done are told apart; one request each."""
    api = Api(answer)
    async with carrier(api) as port:
        with pytest.raises(CarrierError) as raised:
            await send(port)
    error = raised.value
    assert (error.outcome, error.code, error.status) == (outcome, code, status)
    assert error.retryable == (outcome == "not_sent")
    assert len(api.requests) == 1
    assert not any(secret in str(error) for secret in (CUSTOMER, TOKEN, "Hello"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    "answer", [httpx.Response(500), httpx.ReadTimeout("slow"), httpx.Response(200, text="")]
)
async def test_a_failed_search_may_be_repeated(answer: httpx.Response | Exception) -> None:
    """Reading changes nothing at the carrier, so a lost answer is never `unknown`."""
    async with carrier(Api(answer)) as port:
        with pytest.raises(CarrierError) as raised:
            await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST)
    assert raised.value.outcome == "not_sent"


@pytest.mark.anyio
async def test_a_refused_search_is_refused() -> None:
    """A search that the carrier does not allow is not repeated blindly."""
    async with carrier(Api(refused(401, 20003))) as port:
        with pytest.raises(CarrierError) as raised:
            await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST)
    assert (raised.value.outcome, raised.value.code) == ("refused", 20003)


@pytest.mark.anyio
async def test_waiting_has_an_end() -> None:
    """An answer that does not come within the total time leaves the outcome unknown."""

    async def silence(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(silence)) as http:
        port = TwilioCarrier(http, integration("messaging"), total_timeout=0.01)
        with pytest.raises(CarrierError) as raised:
            await send(port)
    assert raised.value.outcome == "unknown"


@asynccontextmanager
async def server(answer: bytes | None) -> AsyncIterator[str]:
    """A server that reads a request, then answers, or drops the connection without a word."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"Hello")
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"


@pytest.mark.anyio
@pytest.mark.parametrize("transport", [AiohttpTransport, httpx.AsyncHTTPTransport])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(None, "unknown"), (b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", "unknown")],
)
async def test_a_dropped_connection_is_unknown(
    transport: Callable[[], httpx.AsyncBaseTransport], answer: bytes | None, outcome: str
) -> None:
    """A connection lost after the request was read may have sent the text, with either transport."""
    async with server(answer) as base_url, httpx.AsyncClient(transport=transport()) as http:
        with pytest.raises(CarrierError) as raised:
            await send(TwilioCarrier(http, integration("messaging", base_url=base_url)))
    assert raised.value.outcome == outcome


@pytest.mark.anyio
@pytest.mark.parametrize("transport", [AiohttpTransport, httpx.AsyncHTTPTransport])
async def test_a_refused_connection_sent_nothing(transport: Callable[[], httpx.AsyncBaseTransport]) -> None:
    """Where nobody listens nothing was sent, with either transport."""
    async with server(None) as base_url:
        pass
    async with httpx.AsyncClient(transport=transport()) as http:
        with pytest.raises(CarrierError) as raised:
            await send(TwilioCarrier(http, integration("messaging", base_url=base_url)))
    assert raised.value.outcome == "not_sent"
