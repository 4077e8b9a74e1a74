"""Open streams of the console end with the visit that opened them. Who may open one is decided by `guard`."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

from starlette.responses import Response, StreamingResponse

from orchestrator.core.errors import TandemError
from orchestrator.web.streams import STREAM_TYPE

Chunk = str | bytes | memoryview
Holds = Callable[[], Awaitable[bool]]
"""Whether the visit still is one."""


def while_visiting(response: Response, holds: Holds) -> None:
    """Have an answer that goes on for long say nothing more once the visit is over. A file that is being written is
    written to its end: half of one would look like a whole.
    """
    if isinstance(response, StreamingResponse) and response.media_type == STREAM_TYPE:
        response.body_iterator = _watched(response.body_iterator, holds)


async def _watched(chunks: AsyncIterable[Chunk], holds: Holds) -> AsyncIterator[Chunk]:
    async for chunk in chunks:
        try:
            if not await holds():
                return
        except TandemError:
            return  # the browser comes back, and is asked who it is
        yield chunk
