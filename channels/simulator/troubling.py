"""The troubles over HTTP, for a test or a demonstration in another process.

Not part of Twilio's API: it lies beside it, under `/troubles`, behind the same credentials.

    POST /troubles/{name}   `name` and the JSON fields are those of a method of `Trouble`; 204
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.simulator.errors import RefusedError
from channels.simulator.rest.frame import Frame
from channels.simulator.trouble import Trouble

NAMES = (
    "refuse_next_message",
    "fail_next_message",
    "filter_messages",
    "fill_queue",
    "delay_statuses",
    "shuffle_statuses",
    "duplicate_statuses",
    "status_before_answer",
    "answer_next_request",
    "drop_next_request",
    "delay_next_request",
    "repeat_next_webhook",
    "delay_next_webhook",
    "lose_next_webhook",
)
"""What can be asked for."""


class Troubling:
    """The endpoint."""

    def __init__(self, frame: Frame, trouble: Trouble) -> None:
        self._frame = frame
        self._trouble = trouble

    def routes(self) -> list[Route]:
        """Where it lies."""
        return [Route("/troubles/{name}", self._ask, methods=["POST"])]

    async def _ask(self, request: Request) -> Response:
        try:
            self._frame.sign_in(request)
            ask = self._found(request.path_params["name"])
            ask(**_checked(ask, await _given(request)))
        except RefusedError as refused:
            return JSONResponse(refused.body(), refused.status)
        return Response(status_code=204)

    def _found(self, name: str) -> Callable[..., None]:
        if name not in NAMES:
            raise RefusedError(20404, f"A trouble is one of {', '.join(NAMES)}")
        found: Callable[..., None] = getattr(self._trouble, name)
        return found


async def _given(request: Request) -> Mapping[str, Any]:
    if not await request.body():
        return {}
    try:
        given = await request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise RefusedError(20001, "The body is a JSON object")
    return given


def _checked(ask: Callable[..., None], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields, if they are the method's, each of its kind, and none is missing."""
    kinds = get_type_hints(ask)
    try:
        inspect.signature(ask).bind(**given)
    except TypeError as error:
        raise RefusedError(
            20001, f"{error}: the fields are {', '.join(sorted(set(kinds) - {'return'}))}"
        ) from None
    wrong = [name for name, value in given.items() if not _is(value, kinds[name])]
    if wrong:
        raise RefusedError(20001, f"of another kind than expected: {', '.join(wrong)}")
    return given


def _is(value: Any, kind: Any) -> bool:
    if words := get_args(kind):
        return value in words
    if kind in {int, float}:
        numbers = (int, float) if kind is float else int
        return isinstance(value, numbers) and not isinstance(value, bool) and 0 <= value < 1e9
    return isinstance(value, kind)
