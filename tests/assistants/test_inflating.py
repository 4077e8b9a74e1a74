"""Packed answers: unpacked in pieces, bounded by what they unpack to, refused where they are not what they say."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from orchestrator.assistants.http import HttpAssistant
from orchestrator.assistants.inflating import Inflater
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Text
from tests.assistants.turns import turn
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.anyio
HELLO = json.dumps({"responses": [{"response_type": "text", "text": "Hello"}]}).encode()


class Pieces(httpx.AsyncByteStream):
    """A body as the network brings it."""

    def __init__(self, body: bytes, size: int) -> None:
        self.pieces = [body[at : at + size] for at in range(0, len(body), size)]
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece


def bare(body: bytes) -> bytes:
    """Deflate without zlib's header."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


async def ask(body: bytes, encoding: str, size: int = 7) -> Any:
    """What becomes of an answer that is packed."""
    stream = Pieces(body, size)

    async def bot(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "gzip, deflate"
        head = {"content-type": "application/json", "content-encoding": encoding}
        return httpx.Response(200, headers=head, stream=stream)

    http = httpx.AsyncClient(transport=httpx.MockTransport(bot))
    assistant = HttpAssistant("http://bot.example/turn", http=http, clock=FakeClock(), retries=0)
    try:
        return (await assistant.ask(turn("hi"))).items
    except AssistantError as error:
        return error.reason, error.detail, stream.taken


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(HELLO, mtime=0), "gzip"),
        (gzip.compress(HELLO, mtime=0), "X-GZIP"),
        (zlib.compress(HELLO), "deflate"),
        (bare(HELLO), "deflate"),
        (HELLO, "identity"),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare deflate", "plain"],
)
async def test_packed(body: bytes, encoding: str) -> None:
    """Each packing that is asked for is unpacked, however it comes in pieces."""
    assert await ask(body, encoding) == (Text(text="Hello"),)


async def test_swelling() -> None:
    """An answer that swells beyond the bound is given up before it is unpacked whole."""
    packed = gzip.compress(b" " * 32 * 1024 * 1024, compresslevel=1)
    reason, _, taken = await ask(packed, "gzip", size=4096)
    assert reason == "too_large"
    assert taken < 10


@pytest.mark.parametrize(
    ("body", "encoding", "detail"),
    [
        (HELLO, "gzip", "it is not packed as it says"),
        (gzip.compress(HELLO, mtime=0)[:-12], "gzip", "the packed answer breaks off"),
        (HELLO, "br", "an encoding that was not asked for"),
    ],
    ids=["plain", "half", "another"],
)
async def test_wrongly_packed(body: bytes, encoding: str, detail: str) -> None:
    """What is not packed as it says is malformed, and said why."""
    assert (await ask(body, encoding))[:2] == ("malformed", detail)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 200_000])
def test_pieces_join_to_the_whole(size: int) -> None:
    """Nothing is lost where a piece ends, whatever the length."""
    whole = bytes(number * 7 % 251 for number in range(size))
    inflater = Inflater()
    assert b"".join(inflater.feed(gzip.compress(whole))) == whole
    inflater.finish()
