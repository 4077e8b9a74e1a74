"""Open streams of server-sent events, for the API and the console: bounded, pinged, ended with the service."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from starlette.responses import Response, StreamingResponse

from orchestrator.core.errors import TandemError
from orchestrator.ports import Clock
from orchestrator.web.api.problems import NO_STORE, Problem

PING_EVERY = 15.0  # seconds; proxies cut what is silent for 30 to 60
RECONNECT = 2000  # milliseconds until a client comes back
STREAM_TYPE = "text/event-stream"
_NOTHING = re.compile(r"q=0(\.0{0,3})?")
"""The weight of a type that is not wanted (RFC 9110, 12.4.2)."""


class Source(Protocol):
    """What a stream tells: `more` are the events since the last call, `pause` the seconds until the next
    one; 0 where more is there already.
    """

    pause: float

    async def more(self) -> list[str]:
        """Whole events, each as `event` writes it."""
        ...


class Streams:
    """The open streams of a process, `most` at once. `closing` tells that the service ends."""

    def __init__(self, clock: Clock, closing: Callable[[], bool], most: int) -> None:
        self._clock = clock
        self._closing = closing
        self._most = most
        self._open = 0

    async def open(self, source: Source, *, head: bool = False) -> Response:
        """A stream of what the source tells. The first events are read before it begins, so that a store
        that is away is told by status. With `head` only what comes before the first event.
        """
        if head:
            return _streamed(_nothing())
        if self._open >= self._most:
            raise Problem(503, "too_many_streams", "Too many streams are open.", headers={"Retry-After": "5"})
        first = await source.more()
        return _streamed(self._counted(source, first))

    async def _counted(self, source: Source, first: list[str]) -> AsyncIterator[str]:
        self._open += 1
        try:
            async for chunk in self._chunks(source, first):
                yield chunk
        finally:
            self._open -= 1

    async def _chunks(self, source: Source, events: list[str]) -> AsyncIterator[str]:
        yield f"retry: {RECONNECT}\n\n"
        spoken_at = self._clock.now()
        while True:
            if events:
                yield "".join(events)
                spoken_at = self._clock.now()
            elif self._clock.now() - spoken_at >= PING_EVERY:
                yield ": ping\n\n"
                spoken_at = self._clock.now()
            if self._closing():
                return
            if source.pause:
                await self._clock.sleep(source.pause)
            try:
                events = await source.more()
            except TandemError:
                return  # the client comes back with the last id that it saw


def is_wanted(accept: str) -> bool:
    """Whether an `Accept` header asks for a stream by its name."""
    for entry in accept.lower().split(","):
        kind, *weights = (part.strip() for part in entry.split(";"))
        if kind == STREAM_TYPE:
            return not any(_NOTHING.fullmatch(weight) for weight in weights)
    return False


def _streamed(chunks: AsyncIterator[str]) -> Response:
    headers = {**NO_STORE, "X-Accel-Buffering": "no"}
    return StreamingResponse(chunks, media_type=STREAM_TYPE, headers=headers)


async def _nothing() -> AsyncIterator[str]:
    for chunk in list[str]():
        yield chunk


def event(data: str, *, name: str = "", place: str = "") -> str:
    """One event; `data` is JSON on one line, `place` what the client comes back with."""
    head = (f"id: {place}\n" if place else "") + (f"event: {name}\n" if name else "")
    return f"{head}data: {data}\n\n"
