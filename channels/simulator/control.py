"""The phones over HTTP, for a console or a command line in another process.

Not part of Twilio's API: it lies beside it, under `/handsets`, behind the same credentials.

    GET  /handsets/{number}           what the phone has seen
    GET  /handsets/{number}/events    what happened to it: `since` an earlier answer's `next`, and the
                                      request is held for `wait` seconds if there is nothing
    POST /handsets/{number}/{action}  do something (JSON fields below), then the same
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.simulator.errors import RefusedError
from channels.simulator.handset import Handset, HandsetError
from channels.simulator.rest.frame import Frame
from channels.simulator.world import World

LONGEST_WAIT = 10.0
"""Seconds that a request for events is held at most; a shorter wait lets a server end sooner."""
UNSEEN = frozenset({"webhook", "taken", "not_taken", "refused"})
"""Kinds of observations that are the application's affair: no phone shows them."""
Act = Callable[[Handset, dict[str, Any]], Awaitable[object]]
ACTIONS: dict[str, tuple[frozenset[str], Act]] = {
    "call": (frozenset({"to"}), lambda phone, given: phone.call(given["to"])),
    "say": (frozenset({"words"}), lambda phone, given: phone.say(given["words"])),
    "press": (frozenset({"keys"}), lambda phone, given: phone.press(given["keys"])),
    "stay_silent": (frozenset(), lambda phone, _given: phone.stay_silent()),
    "hang_up": (frozenset(), lambda phone, _given: phone.hang_up()),
    "drop": (frozenset(), lambda phone, _given: phone.drop()),
    "answer": (frozenset(), lambda phone, _given: phone.answer()),
    "decline": (frozenset(), lambda phone, _given: phone.decline()),
    "text": (frozenset({"to", "body"}), lambda phone, given: phone.text(given["body"], to=given["to"])),
}
"""What a phone can be told, and the string fields that it needs."""


class Control:
    """The endpoints; `handset` finds a phone by its number."""

    def __init__(self, frame: Frame, handset: Callable[[str], Handset], world: World) -> None:
        self._frame = frame
        self._handset = handset
        self._world = world

    def routes(self) -> list[Route]:
        """Where they lie."""
        return [
            Route("/handsets/{number}", self._look, methods=["GET"]),
            Route("/handsets/{number}/events", self._follow, methods=["GET"]),
            Route("/handsets/{number}/{action}", self._act, methods=["POST"]),
        ]

    async def _look(self, request: Request) -> Response:
        try:
            self._frame.sign_in(request)
        except RefusedError as refused:
            return JSONResponse(refused.body(), refused.status)
        return JSONResponse(_seen(self._handset(request.path_params["number"])))

    async def _follow(self, request: Request) -> Response:
        try:
            self._frame.sign_in(request)
            since = int(_number(request.query_params.get("since", "0")))
            wait = min(_number(request.query_params.get("wait", "0")), LONGEST_WAIT)
        except RefusedError as refused:
            return JSONResponse(refused.body(), refused.status)
        phone = self._handset(request.path_params["number"])
        try:
            async with asyncio.timeout(wait):
                await self._world.phone(phone.number).bell.until(lambda: bool(self._events(phone, since)))
        except TimeoutError:
            pass  # nothing is an answer, too
        found = {"events": self._events(phone, since), "next": self._world.happened}
        return JSONResponse(_seen(phone) | found)

    def _events(self, phone: Handset, since: int) -> list[dict[str, Any]]:
        """What happened to this phone after the first `since` things that happened at the carrier."""
        first = self._world.happened - len(self._world.events)
        return [
            {"place": first + place, **asdict(seen)}
            for place, seen in enumerate(self._world.events, 1)
            if first + place > since and seen.number == phone.number and seen.kind not in UNSEEN
        ]

    async def _act(self, request: Request) -> Response:
        try:
            self._frame.sign_in(request)
            fields, act = _action(request.path_params["action"])
            phone = self._handset(request.path_params["number"])
            await act(phone, await _given(request, fields))
        except RefusedError as refused:
            return JSONResponse(refused.body(), refused.status)
        except HandsetError as error:
            return JSONResponse({"message": str(error), "status": 409}, 409)
        return JSONResponse(_seen(phone))


def _action(name: str) -> tuple[frozenset[str], Act]:
    if name not in ACTIONS:
        raise RefusedError(20404, f"A phone can {', '.join(sorted(ACTIONS))}")
    return ACTIONS[name]


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e15:  # not infinite, and not NaN
        raise RefusedError(20001, "since and wait are numbers from 0")
    return found


async def _given(request: Request, fields: frozenset[str]) -> dict[str, Any]:
    if not fields:
        return {}
    try:
        given = await request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in fields):
        raise RefusedError(20001, f"The body is a JSON object with the strings {', '.join(sorted(fields))}")
    return given


def _seen(phone: Handset) -> dict[str, Any]:
    return {
        "number": phone.number,
        "call_state": phone.call_state,
        "is_listened_to": phone.is_listened_to,
        "heard": [asdict(line) for line in phone.heard],
        "received": [asdict(text) for text in phone.received],
    }
