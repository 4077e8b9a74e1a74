"""How a socket's handler ends, once nothing is left to say over it."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket

from channels.twilio.relay import reader
from channels.twilio.relay.reader import OVER, Reader
from channels.twilio.relay.routes import _both
from channels.twilio.relay.session import Session
from tests.fakes.clock import settle

pytestmark = pytest.mark.anyio


class Wire:
    """A socket: the test says what comes, and sees how it is closed."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: list[int] = []

    async def receive(self) -> dict[str, Any]:
        """What comes next."""
        return await self.coming.get()

    async def close(self, code: int) -> None:
        """Closed from our side."""
        self.closed.append(code)


class Spoken:
    """A session that has said everything. `heard` are frames that it was told of."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    async def speak(self) -> None:
        """Nothing is left."""

    async def hear(self, frame: object) -> None:
        """A frame."""
        self.heard.append(frame)


def both(wire: Wire, session: Spoken) -> asyncio.Task[None]:
    """The handler's two sides, at work."""
    served = _both(cast("Session", session), Reader(cast("WebSocket", wire)))
    return asyncio.get_running_loop().create_task(served)


async def test_a_handler_ends_with_its_socket() -> None:
    """Once the carrier has closed it nothing is waited for: a server that ends waits for its handlers."""
    wire, session = Wire(), Spoken()
    served = both(wire, session)
    await settle()
    assert not served.done()
    wire.coming.put_nowait({"type": "websocket.receive", "text": '{"type": "dtmf", "digit": "1"}'})
    wire.coming.put_nowait({"type": "websocket.disconnect"})
    await settle()
    assert served.done()
    assert (wire.closed, session.heard) == ([], [])


async def test_a_socket_that_the_carrier_leaves_open_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, as over."""
    monkeypatch.setattr(reader, "LINGER", 0.01)
    wire = Wire()
    await both(wire, Spoken())
    assert wire.closed == [OVER]
