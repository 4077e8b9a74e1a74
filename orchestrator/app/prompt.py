"""Connections that acknowledge at once what they receive.

Many small servers write the head of an answer and its body as two packets. Nagle's algorithm holds the
second until the first is acknowledged, and Linux holds that back for up to 40 ms (`tcp(7)`, TCP_QUICKACK):
40 ms of every turn in which nothing happens. The flag does not last, and sending a request clears it, so it
is set again a moment after each request is sent.
"""

from __future__ import annotations

import asyncio
import socket

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

AFTER = (0.0002, 0.002)
"""Seconds after a connection is taken: the request is written by then, and the answer is not yet there."""
QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)  # Linux has it


class PromptConnector(aiohttp.TCPConnector):
    """aiohttp's connections, without the wait before an acknowledgement."""

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the base class has it
    ) -> Connection:
        """A connection for a request, as aiohttp has it."""
        connection = await super().connect(req, traces, timeout)
        taken = connection.transport.get_extra_info("socket") if connection.transport else None
        if taken is not None and QUICKACK is not None:
            for seconds in AFTER:
                asyncio.get_running_loop().call_later(seconds, _acknowledge, taken, QUICKACK)
        return connection


def _acknowledge(taken: socket.socket, quickly: int) -> None:
    try:
        taken.setsockopt(socket.IPPROTO_TCP, quickly, 1)
    except OSError:  # closed meanwhile, or no TCP
        return
