"""An assistant behind HTTP, as a stranger would write it: answers from a list, keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Answer = list[dict[str, Any]] | dict[str, Any] | int | Callable[[dict[str, Any]], Any]


class FakeBot:
    """`answers` are given in order, then nothing. A number is an HTTP status; a callable, or an async one, is asked.

    `gate` holds every answer back while it is not set.
    """

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.turns: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.app = Starlette(routes=[Route("/turn", self._turn, methods=["POST"])])

    def will(self, *answers: Answer) -> None:
        """Add answers."""
        self.answers.extend(answers)

    def heard(self) -> list[tuple[str | None, str]]:
        """Event and input text of every turn."""
        return [(turn["event"], turn["input"]["text"]) for turn in self.turns]

    async def _turn(self, request: Request) -> Response:
        turn = await request.json()
        self.turns.append(turn)
        self.headers.append(dict(request.headers))
        answer: Any = self.answers.pop(0) if self.answers else []
        await self.gate.wait()
        if callable(answer):
            answer = answer(turn)
            if asyncio.iscoroutine(answer):
                answer = await answer
        if isinstance(answer, int):
            return Response(status_code=answer)
        if isinstance(answer, list):
            answer = {"responses": answer}
        return JSONResponse(answer)


def text(words: str, **fields: Any) -> dict[str, Any]:
    """A `text` item."""
    return {"response_type": "text", "text": words, **fields}


def ask_for_text(words: str, **fields: Any) -> dict[str, Any]:
    """An `ask_for_text` item."""
    return {"response_type": "ask_for_text", "text": words, **fields}
