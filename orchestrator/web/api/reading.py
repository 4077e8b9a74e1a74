"""What the API tells: sessions and refusals, in pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Clock, Reader
from orchestrator.web.api import answers
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.problems import answer
from orchestrator.web.api.queries import ListRefusals, ListSessions
from orchestrator.web.api.resource import Operation


def as_of(now: float, summary: dict[str, Any]) -> dict[str, Any]:
    """The summary, which is as old as the session's last event, without the texts that waited until then."""
    waiting = summary.get("waiting_texts") or []
    still = [text for text in waiting if datetime.fromisoformat(text["until"]).timestamp() > now]
    return {**summary, "waiting_texts": still} if len(still) < len(waiting) else summary


def operations(reader: Reader, finder: Finder, clock: Clock) -> list[Operation]:
    """The operations of this file."""

    async def list_sessions(_: Request, query: ListSessions) -> Response:
        found, after = await reader.sessions(
            states=query.state, assistant=query.assistant, q=query.q, limit=query.limit, cursor=query.cursor
        )
        now = clock.now()
        return answer({"sessions": [as_of(now, session) for session in found], "next_cursor": after})

    async def one_session(request: Request, _: None) -> Response:
        found = await finder.find(request.path_params["id"])
        return answer(as_of(clock.now(), found[1]))

    async def list_refusals(_: Request, query: ListRefusals) -> Response:
        found, after = await reader.refusals(limit=query.limit, cursor=query.cursor)
        return answer({"refusals": found, "next_cursor": after})

    return [
        Operation(
            method="GET",
            path="/api/v1/sessions",
            name="list_sessions",
            summary="Sessions, newest first, without those that ended unless asked for",
            perform=list_sessions,
            takes=(ListSessions,),
            gives=answers.Sessions,
        ),
        Operation(
            method="GET",
            path="/api/v1/sessions/{id}",
            name="get_session",
            summary="One session",
            perform=one_session,
            gives=answers.Session,
            problems=(404,),
        ),
        Operation(
            method="GET",
            path="/api/v1/refusals",
            name="list_refusals",
            summary="Texts that were turned away, newest first",
            perform=list_refusals,
            takes=(ListRefusals,),
            gives=answers.Refusals,
        ),
    ]
