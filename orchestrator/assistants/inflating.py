"""Bodies of answers, unpacked a little at a time: what a small packed answer swells to is bounded, too.

httpx unpacks each chunk whole, so that a few kilobytes can become many megabytes before anybody counts.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import httpx

from orchestrator.core.errors import AssistantError

ENCODINGS = "gzip, deflate"
"""What is asked for, as `Accept-Encoding` says it."""
_PIECE = 64 * 1024  # bytes that are unpacked at once
_ANY_HEADER = 32  # zlib: tells gzip from zlib by the first bytes


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes, unpacked. Raises an `AssistantError` where it is packed in another way than it says."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"} or response.is_stream_consumed:
        async for chunk in response.aiter_bytes():
            yield chunk
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise AssistantError("malformed", "an encoding that was not asked for", retryable=False)
    inflater = Inflater()
    async for chunk in response.aiter_raw():
        for piece in inflater.feed(chunk):
            yield piece
    inflater.finish()


class Inflater:
    """Unpacks gzip, zlib or bare deflate (RFC 9110, 8.4.1.2: some senders leave zlib's header out)."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | _ANY_HEADER)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the chunk unpacks to, in pieces."""
        more = bool(chunk)
        while more and not self._inner.eof:
            piece = self._step(chunk)
            yield piece
            chunk = self._inner.unconsumed_tail
            more = bool(chunk) or len(piece) == _PIECE  # words that were begun may still be on their way out

    def finish(self) -> None:
        """Raises an `AssistantError` if the end is missing."""
        if self._begun and not self._inner.eof:
            raise AssistantError("malformed", "the packed answer breaks off", retryable=False)

    def _step(self, chunk: bytes) -> bytes:
        try:
            piece = self._inner.decompress(chunk, _PIECE)
        except zlib.error:
            if self._begun:
                raise _broken() from None
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                piece = self._inner.decompress(chunk, _PIECE)
            except zlib.error:
                raise _broken() from None
        self._begun = True
        return piece


def _broken() -> AssistantError:
    return AssistantError("malformed", "it is not packed as it says", retryable=False)
