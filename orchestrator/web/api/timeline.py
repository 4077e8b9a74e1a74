"""Timelines, of a session and of all: as JSON in pages, or as server-sent events that go on until someone
hangs up.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Logged, Reader
from orchestrator.web.api import answers
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.problems import answer
from orchestrator.web.api.queries import LINE, PLACE, ListAllEvents, ListEvents
from orchestrator.web.api.resource import Operation
from orchestrator.web.feed import LOOK_EVERY as LOOK_AT_ALL_EVERY
from orchestrator.web.feed import Feed
from orchestrator.web.streams import STREAM_TYPE, Streams, event, is_wanted

LOOK_EVERY = 1.0  # seconds; the lists are behind the commit by at most that
BATCH = 200


def operations(reader: Reader, finder: Finder, feed: Feed, streams: Streams) -> list[Operation]:
    """The operations of this file."""

    async def events(request: Request, query: ListEvents) -> Response:
        session_id = request.path_params["id"]
        await finder.find(session_id)
        if is_wanted(request.headers.get("accept", "")):
            after = request.headers.get("last-event-id", query.cursor)
            source = OneTimeline(reader, session_id, after if LINE.fullmatch(after) else "")
            return await streams.open(source, head=request.method == "HEAD")
        found = await reader.events(session_id, after=query.cursor, limit=query.limit + 1)
        page = found[: query.limit]
        return answer({"events": page, "next_cursor": page[-1]["id"] if len(found) > len(page) else None})

    async def all_events(request: Request, query: ListAllEvents) -> Response:
        after = request.headers.get("last-event-id", query.cursor)
        return await streams.open(AllTimelines(feed, query, after), head=request.method == "HEAD")

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
            other_types=(STREAM_TYPE,),
        ),
        Operation(
            method="GET",
            path="/api/v1/events",
            name="stream_events",
            summary="What happens in all sessions from now on, or after `Last-Event-ID`, as a stream",
            perform=all_events,
            takes=(ListAllEvents,),
            streams=True,
            other_types=(STREAM_TYPE,),
        ),
    ]


class OneTimeline:
    """A session's lines after the one of id `after`."""

    def __init__(self, reader: Reader, session_id: str, after: str) -> None:
        self.pause = LOOK_EVERY
        self._reader = reader
        self._session_id = session_id
        self._after = after

    async def more(self) -> list[str]:
        """The lines since the last call."""
        lines = await self._reader.events(self._session_id, after=self._after, limit=BATCH)
        self.pause = 0.0 if len(lines) == BATCH else LOOK_EVERY
        if lines:
            self._after = lines[-1]["id"]
        return [event(json.dumps(line), place=line["id"]) for line in lines]


class AllTimelines:
    """The lines of all sessions after a place; from now on where it is none."""

    def __init__(self, feed: Feed, wanted: ListAllEvents, after: str) -> None:
        self.pause = LOOK_AT_ALL_EVERY
        self._feed = feed
        self._wanted = wanted
        self._place = after if PLACE.fullmatch(after) else ""

    async def more(self) -> list[str]:
        """The lines since the last call that are wanted."""
        found, self._place = await self._feed.after(self._place)
        self.pause = 0.0 if found else LOOK_AT_ALL_EVERY
        return [as_event(line) for line in found if self._wants(line)]

    def _wants(self, line: Logged) -> bool:
        wanted = self._wanted
        kinds, session_id = wanted.type, wanted.session_id
        return (not kinds or line.line["type"] in kinds) and session_id in {"", line.session_id}


def as_event(line: Logged) -> str:
    """A line of the log of all sessions."""
    told: dict[str, Any] = {"session_id": line.session_id, **line.line}
    return event(json.dumps(told), place=line.place)
