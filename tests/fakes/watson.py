"""A Watson-shaped service, built from IBM's published reference of Assistant v2: sessions, messages, streams, IAM.

It merges contexts as the reference says (variables that are sent overwrite those that are kept), refuses what the
reference does not allow, and plays a dialogue that is a list of answers.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

API_KEY = "watson-key"
ENVIRONMENT = "env-1"
BASE = "/instances/i-1"
Played = list[dict[str, Any]] | dict[str, Any] | int | Callable[[dict[str, Any]], Any]
SKILLS = ("main skill", "actions skill")


class FakeWatson:
    """`will` adds answers: items of `generic`, an object with `output` and `context` (which a node sets), a status,
    a body (`raw`), or a function of the request. Without one left it says nothing.

    `bodies` are the messages, `calls` every request by method and path; `expire` forgets all sessions.
    """

    def __init__(self) -> None:
        self.answers: list[Played] = []
        self.bodies: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.sessions: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.tokens: list[str] = []
        self.token_life = 3600
        self.iam_status = 200
        self.streams = True
        self.returns_context = True
        self.merges = True
        self._made = 0
        place = BASE + "/v2/assistants/{assistant}"
        self.app = Starlette(
            routes=[
                route
                for base in (place, place + "/environments/{environment}")
                for route in (
                    Route(base + "/sessions", self._create, methods=["POST"]),
                    Route(base + "/sessions/{session}", self._delete, methods=["DELETE"]),
                    Route(base + "/sessions/{session}/message", self._message, methods=["POST"]),
                    Route(base + "/sessions/{session}/message_stream", self._stream, methods=["POST"]),
                    Route(base + "/message", self._message, methods=["POST"]),
                    Route(base + "/message_stream", self._stream, methods=["POST"]),
                )
            ]
            + [Route("/identity/token", self._token, methods=["POST"])]
        )

    def will(self, *answers: Played) -> None:
        """Add answers."""
        self.answers.extend(answers)

    def expire(self) -> None:
        """Every session is over for having been inactive."""
        self.sessions.clear()

    def heard(self) -> list[str]:
        """The text of every message."""
        return [body["input"].get("text", "") for body in self.bodies]

    def variables(self, turn: int = -1) -> dict[str, Any]:
        """The variables of the dialog skill that a message sent."""
        found: dict[str, Any] = self.bodies[turn]["context"]["skills"]["main skill"]["user_defined"]
        return found

    # ---- the service -----------------------------------------------------------------------------
    async def _create(self, request: Request) -> Response:
        refused = self._refused(request)
        if refused is not None:
            return refused
        self._made += 1
        session = f"session-{self._made}"
        self.sessions[session] = {}
        return JSONResponse({"session_id": session}, status_code=201)

    async def _delete(self, request: Request) -> Response:
        refused = self._refused(request) or self._unknown(request)
        if refused is not None:
            return refused
        session = request.path_params["session"]
        del self.sessions[session]
        self.deleted.append(session)
        return JSONResponse({})

    async def _message(self, request: Request) -> Response:
        refused = self._refused(request) or self._unknown(request)
        if refused is not None:
            return refused
        answer = await self._answer(request)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def _stream(self, request: Request) -> Response:
        refused = self._refused(request) or (
            self._unknown(request) if self.streams else _error(404, "Resource not found")
        )
        if refused is not None:
            return refused
        answer = await self._answer(request)
        if isinstance(answer, Response):
            return answer
        events = [{"complete_item": item} for item in answer["output"].get("generic", ())]
        body = "".join(
            f"event: message\ndata: {json.dumps(each)}\n\n" for each in [*events, {"final_response": answer}]
        )
        return Response(body, media_type="text/event-stream")

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        self.calls.append("TOKEN")
        if self.iam_status != 200 or form.get("apikey") != [API_KEY]:
            return JSONResponse({"errorCode": "BXNIM0415E"}, status_code=max(self.iam_status, 400))
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return JSONResponse(
            {"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": self.token_life}
        )

    def _refused(self, request: Request) -> Response | None:
        self.calls.append(f"{request.method} {request.url.path.removeprefix(BASE)}")
        basic = "Basic " + base64.b64encode(f"apikey:{API_KEY}".encode()).decode()
        if request.headers.get("authorization") not in {
            basic,
            *(f"Bearer {token}" for token in self.tokens[-1:]),
        }:
            return _error(401, "Unauthorized")
        if "version" not in request.query_params:
            return _error(400, "The query parameter 'version' is required")
        if request.path_params["assistant"] != ENVIRONMENT:
            return _error(404, "Resource not found")
        return None

    def _unknown(self, request: Request) -> Response | None:
        session = request.path_params.get("session")
        return (
            _error(404, "Invalid Session") if session is not None and session not in self.sessions else None
        )

    async def _answer(self, request: Request) -> Response | dict[str, Any]:
        body = await request.json()
        self.bodies.append(body)
        given = body.get("input", {})
        text = given.get("text", "")
        if set(text) & set("\r\n\t") or len(text) > 2048 or len(given.get("attachments", ())) > 5:
            return _error(400, "input is not valid")
        played: Any = self.answers.pop(0) if self.answers else []
        if callable(played):
            played = played(body)
            if asyncio.iscoroutine(played):
                played = await played
        if isinstance(played, int):
            return _error(played, "no")
        if "raw" in played:
            return JSONResponse(played["raw"])
        if isinstance(played, list):
            played = {"output": {"generic": played}}
        return self._played(body, request.path_params.get("session"), played)

    def _played(self, body: dict[str, Any], session: str | None, played: dict[str, Any]) -> dict[str, Any]:
        kept = self.sessions.get(session, {}) if session else {}
        context = _merged(kept, body.get("context", {})) if self.merges else copy.deepcopy(kept)
        system = context.setdefault("global", {}).setdefault("system", {})
        system["turn_count"] = system.get("turn_count", 0) + 1
        for skill in SKILLS:
            context.setdefault("skills", {}).setdefault(skill, {}).setdefault("system", {})["state"] = "eyJ=="
        context = _merged(context, played.get("context", {}))
        if session:
            self.sessions[session] = context
        answer = {"output": {"generic": [], **played.get("output", {})}, "user_id": body.get("user_id")}
        options = body["input"].get("options", {})
        wanted = not session or options.get("return_context") or options.get("export")
        if wanted and self.returns_context:
            answer["context"] = copy.deepcopy(context)
        return answer


def set_by_node(**variables: Any) -> dict[str, Any]:
    """The context of a dialog node that sets these variables."""
    return {"skills": {"main skill": {"user_defined": variables}}}


def _error(status: int, message: str) -> Response:
    return JSONResponse({"error": message, "code": status}, status_code=status)


def _merged(kept: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """A variable that is sent overwrites the kept one, whole; null takes it away."""
    merged = copy.deepcopy(dict(kept))
    for name, value in sent.items():
        there = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif (
            isinstance(value, Mapping) and isinstance(there, dict) and name not in {"vgwAction", "smsAction"}
        ):
            merged[name] = _merged(there, value)
        else:
            merged[name] = copy.deepcopy(value)
    return merged
