"""The way out: whatever a server sends, an error has a name of httpx, and no words of the other side."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from orchestrator.app.transport import Transport

pytestmark = pytest.mark.anyio
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00secret, no protocol\r\n\r\n",
        OK + b"content-length: -5\r\n\r\nsecret",
        OK + b"transfer-encoding: chunked\r\n\r\nsecret\r\n",
        OK + b"secret: " + b"a" * 20_000 + b"\r\n\r\n",
    ],
    ids=["no status line", "a length below zero", "no chunks", "a header too long"],
)
async def test_what_is_no_http_is_an_error_of_httpx(sent: bytes) -> None:
    """Where aiohttp quotes what it could not read, the error says only of what kind it was."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(transport=Transport()) as client:
        with pytest.raises(httpx.HTTPError) as wrong:
            await client.get(f"http://127.0.0.1:{port}/")
    assert "secret" not in str(wrong.value)
    server.close()
