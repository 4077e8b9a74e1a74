"""A session's timeline: as JSON in pages, or as server-sent events that go on until someone hangs up."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from orchestrator.core.errors import TandemError
from orchestrator.ports import Clock, Reader
from orchestrator.web.api import answers
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.problems import NO_STORE, Problem, answer
from orchestrator.web.api.requests import ListEvents
from orchestrator.web.api.resource import Operation

LOOK_EVERY = 1.0  # seconds; the lists are behind the commit by at most that
PING_EVERY = 15.0  # seconds; proxies cut what is silent for 30 to 60
RECONNECT = 2000  # milliseconds until a client comes back
BATCH = 200
STREAM_TYPE = "text/event-stream"


def operations(
    reader: Reader, finder: Finder, clock: Clock, *, closing: Callable[[], bool], streams: int
) -> list[Operation]:
    """The operation of this file. `closing` tells that the service ends: streams end then; `streams`
    is how many there may be at once in this process.
    """
    live = Streams(reader, clock, closing, streams)

    async def events(request: Request, query: ListEvents) -> Response:
        session_id = request.path_params["id"]
        await finder.find(session_id)
        if STREAM_TYPE in request.headers.get("accept", ""):
            return await live.open(session_id, request.headers.get("last-event-id", query.cursor))
        found = await reader.events(session_id, after=query.cursor, limit=query.limit + 1)
        page = found[: query.limit]
        return answer({"events": page, "next_cursor": page[-1]["id"] if len(found) > len(page) else None})

    return [
        Operation(
            method="GET",
            path="/api/v1/sessions/{id}/events",
            name="list_events",
            summary="A session's timeline; with `Accept: text/event-stream` as a stream, after `Last-Event-ID`",
            perform=events,
            takes=(ListEvents,),
            gives=answers.Events,
            problems=(404,),
            streams=True,
        )
    ]


class Streams:
    """The open streams of a process."""

    def __init__(self, reader: Reader, clock: Clock, closing: Callable[[], bool], most: int) -> None:
        self._reader = reader
        self._clock = clock
        self._closing = closing
        self._most = most
        self._open = 0

    async def open(self, session_id: str, after: str) -> Response:
        """A stream of the lines after `after`. The first are read before it begins, so that a store
        that is away is told by status.
        """
        if self._open >= self._most:
            raise Problem(503, "too_many_streams", "Too many streams are open.", headers={"Retry-After": "5"})
        first = await self._reader.events(session_id, after=after, limit=BATCH)
        return StreamingResponse(
            self._counted(session_id, after, first),
            media_type=STREAM_TYPE,
            headers={**NO_STORE, "X-Accel-Buffering": "no"},
        )

    async def _counted(self, session_id: str, after: str, first: list[dict[str, Any]]) -> AsyncIterator[str]:
        self._open += 1
        try:
            async for chunk in self._chunks(session_id, after, first):
                yield chunk
        finally:
            self._open -= 1

    async def _chunks(self, session_id: str, after: str, lines: list[dict[str, Any]]) -> AsyncIterator[str]:
        yield f"retry: {RECONNECT}\n\n"
        spoken_at = self._clock.now()
        while True:
            if lines:
                yield "".join(map(as_event, lines))
                after, spoken_at = lines[-1]["id"], self._clock.now()
            elif self._clock.now() - spoken_at >= PING_EVERY:
                yield ": ping\n\n"
                spoken_at = self._clock.now()
            if self._closing():
                return
            if len(lines) < BATCH:
                await self._clock.sleep(LOOK_EVERY)
            try:
                lines = await self._reader.events(session_id, after=after, limit=BATCH)
            except TandemError:
                return  # the client comes back with the last id that it saw


def as_event(line: dict[str, Any]) -> str:
    """A timeline line as a server-sent event; JSON holds no bare line break."""
    return f"id: {line['id']}\ndata: {json.dumps(line)}\n\n"
