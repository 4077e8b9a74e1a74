"""The way out for httpx: aiohttp's connections, and every error of theirs under a name of httpx.

`httpx-aiohttp` passes some on as they are: a status line that is none, a header that is too long, a chunk without
its size. Their words quote what the other side sent, so that they belong in no log.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ssl import SSLContext

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from orchestrator.app.prompt import PromptConnector

UNLIMITED = 0
"""As many connections as are asked for: whoever asks has a bound of its own."""

KEEP = 5.0
"""Seconds for which an idle connection is kept, as httpx has it."""


class Transport(httpx.AsyncBaseTransport):
    """At most `connections` at once, over all hosts; what is beyond waits. `trusted` says whose certificates are
    believed, and may hold one of our own; left out, the system's authorities are.
    """

    def __init__(self, connections: int = 100, trusted: SSLContext | None = None) -> None:
        self._connections = connections
        self._trusted = trusted
        self._inner = AiohttpTransport(client=self._session)

    def _session(self) -> aiohttp.ClientSession:
        trusted = self._trusted or httpx.create_ssl_context()
        connector = PromptConnector(limit=self._connections, keepalive_timeout=KEEP, ssl=trusted)
        return aiohttp.ClientSession(connector=connector)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx asks for it."""
        with _named():
            response = await self._inner.handle_async_request(request)
        response.stream = _Body(response)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of a response, its errors named."""

    def __init__(self, response: httpx.Response) -> None:
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - the transport is asynchronous
        self._inner = response.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _named():
            async for chunk in self._inner:
                yield chunk

    async def aclose(self) -> None:
        with _named():
            await self._inner.aclose()


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(type(error).__name__) from None
