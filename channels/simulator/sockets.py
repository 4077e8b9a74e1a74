"""How the simulator opens a socket to the application: over the network, or to an ASGI app in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_connection
from websockets.exceptions import ConnectionClosed, InvalidHandshake


class SocketRefusedError(Exception):
    """The application, or the network, did not let the socket in."""


class Socket(Protocol):
    """An open socket."""

    async def send(self, text: str) -> None:
        """One text frame; lost where the other side is gone."""
        ...

    async def receive(self) -> str | None:
        """The next text frame, or None once the other side has closed."""
        ...

    async def close(self) -> None:
        """Close this side."""
        ...


Dial = Callable[[str, Mapping[str, str]], Awaitable[Socket]]
"""Opens a socket to an address with these headers. Raises `SocketRefusedError`."""


class NetworkSocket:
    """A socket over the network."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        """As `Socket`."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(text)

    async def receive(self) -> str | None:
        """As `Socket`."""
        try:
            return str(await self._connection.recv())
        except ConnectionClosed:
            return None

    async def close(self) -> None:
        """As `Socket`."""
        await self._connection.close()


async def dial_network(url: str, headers: Mapping[str, str]) -> Socket:
    """A `Dial` over the network."""
    try:
        return NetworkSocket(await open_connection(url, additional_headers=headers, proxy=None))
    except (OSError, InvalidHandshake, TimeoutError) as error:
        raise SocketRefusedError(type(error).__name__) from error


class AppSocket:
    """A socket to an ASGI app of this process."""

    def __init__(self, app: Any, url: str, headers: Mapping[str, str]) -> None:
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._to_app.put_nowait({"type": "websocket.connect"})
        parts = urlsplit(url)
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "subprotocols": [],
            "extensions": {"websocket.http.response": {}},
            "server": (parts.hostname, parts.port or 443),
            "client": ("127.0.0.1", 1),
        }
        self._task = asyncio.ensure_future(app(scope, self._to_app.get, self._from_app.put))

    async def opened(self) -> None:
        """Until the app accepts; `SocketRefusedError` if it does not."""
        message = await self._next()
        if message is None or message["type"] != "websocket.accept":
            raise SocketRefusedError("refused before the upgrade")

    async def send(self, text: str) -> None:
        """As `Socket`."""
        self._to_app.put_nowait({"type": "websocket.receive", "text": text})

    async def receive(self) -> str | None:
        """As `Socket`."""
        message = await self._next()
        return message["text"] if message is not None and message["type"] == "websocket.send" else None

    async def close(self) -> None:
        """As `Socket`."""
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await asyncio.wait({self._task})

    async def _next(self) -> dict[str, Any] | None:
        coming = asyncio.ensure_future(self._from_app.get())
        try:
            await asyncio.wait({coming, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                return coming.result()
            return self._from_app.get_nowait() if not self._from_app.empty() else None
        finally:
            coming.cancel()


def dial_app(app: Any) -> Dial:
    """A `Dial` to an app of this process, whatever the address's host."""

    async def dial(url: str, headers: Mapping[str, str]) -> Socket:
        socket = AppSocket(app, url, headers)
        await socket.opened()
        return socket

    return dial
