"""Open streams of the console end with the visit that opened them. Who may open one is decided by `guard`."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

from starlette.responses import Response, StreamingResponse

from orchestrator.core.errors import TandemError

Chunk = str | bytes | memoryview
Holds = Callable[[], Awaitable[bool]]
"""Whether the visit still is one."""


def while_visiting(response: Response, holds: Holds) -> None:
    """Have an answer that goes on for long say nothing more once the visit is over."""
    if isinstance(response, StreamingResponse):
        response.body_iterator = _watched(response.body_iterator, holds)


async def _watched(chunks: AsyncIterable[Chunk], holds: Holds) -> AsyncIterator[Chunk]:
    async for chunk in chunks:
        try:
            if not await holds():
                return
        except TandemError:
            return  # the browser comes back, and is asked who it is
        yield chunk
