"""What comes over a socket, frame by frame. A socket that sends too much nonsense is closed."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket

from channels.twilio.edge import log
from channels.twilio.relay import frames
from channels.twilio.relay.frames import NotJsonError, Setup
from channels.twilio.relay.session import Session

MALFORMED = 10
"""Frames in a row that are no JSON, after which the socket is closed, as the carrier itself does."""
NOT_JSON, OVER = 1007, 1000
"""WebSocket close codes (RFC 6455, 7.4.1): invalid data, normal."""
LINGER = 5.0
"""Seconds that the carrier has to close a socket after our `end`."""


class Reader:
    """The frames of a socket. What is no JSON is counted; too many in a row close it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._malformed = 0
        self._muted = False

    async def setup(self) -> Setup | None:
        """The first `setup`; anything before it is ignored. None if the socket closed before."""
        while True:
            frame = await self._next()
            if frame is None:
                return None
            if isinstance(frame, Setup):
                return frame

    async def feed(self, session: Session) -> None:
        """Every further frame to the session, until the socket closes."""
        while (frame := await self._next()) is not None:
            if isinstance(frame, frames.Problem):
                log.warning("socket told of an error")
            elif not self._muted:
                await session.hear(frame)

    async def drain(self, hearing: asyncio.Future[None]) -> None:
        """Nothing is heard any more: the carrier closes the socket when it is through with it, which ends
        `hearing`. One that it leaves open is closed.
        """
        self._muted = True
        await asyncio.wait({hearing}, timeout=LINGER)
        if not hearing.done():
            await self._socket.close(OVER)

    async def _next(self) -> frames.Frame | None:
        """The next frame that means something; None once the socket is closed."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            try:
                frame = frames.read(message.get("text") or message.get("bytes") or "")
            except NotJsonError:
                self._malformed += 1
                if self._malformed >= MALFORMED:
                    await self._socket.close(NOT_JSON, "too many frames that are not JSON")
                    return None
                continue
            self._malformed = 0
            if frame is not None:
                return frame
