"""Somebody's webhook, as a stranger would write it: answers from a list, then nothing; keeps what it was sent."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class FakeHook:
    """`answers` are given in order: an object, a status, or None for 204. While it is `stuck` it gives none."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.stuck = False
        self.app = Starlette(routes=[Route("/{name}", self._take, methods=["POST"])])

    def will(self, *answers: Any) -> None:
        """Add answers."""
        self.answers.extend(answers)

    def types(self) -> list[str]:
        """What it was told of."""
        return [each["type"] for each in self.taken]

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        self.taken.append(json.loads(body))
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        if self.stuck:
            await asyncio.Event().wait()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, int):
            return Response(status_code=answer)
        return Response(status_code=204) if answer is None else JSONResponse(answer)
