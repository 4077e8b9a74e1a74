"""What all resources share: sign-in, form bodies, paging, error bodies, and the troubles of a test."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from channels.simulator.errors import NO_ALARM, RefusedError
from channels.simulator.world import World

PAGE_SIZE = 50  # Twilio: PageSize, 50 by default
PAGE_LIMIT = 1000  # and at most 1000
_FORM = "application/x-www-form-urlencoded"
Handler = Callable[[Request, "Params"], Awaitable[Response]]
_BY_STATUS = {429: 20429, 500: 20500, 503: 20503}


class Params:
    """The parameters of a request, in order, repeated names kept."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def one(self, name: str) -> str:
        """The value of `name`, empty if it is not there."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of `name`."""
        return tuple(value for key, value in self.pairs if key == name)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)


class Frame:
    """Wraps the handlers of one simulator's API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def endpoint(self, handler: Handler, known: frozenset[str]) -> Callable[[Request], Awaitable[Response]]:
        """`handler` behind sign-in, with troubles and refusals seen to. `known` are its parameters."""

        async def answer(request: Request) -> Response:
            path = request.url.path
            try:
                return await self._answer(request, path, handler, known)
            except RefusedError as refused:
                if not refused.planned and refused.code not in NO_ALARM:
                    self._world.fault(f"{refused.code} {request.method} {_resource(path)}: {refused.message}")
                self._tell(request, refused.status, refused.code)
                return JSONResponse(refused.body(), refused.status)

        return answer

    async def _answer(self, request: Request, path: str, handler: Handler, known: frozenset[str]) -> Response:
        trouble = self._world.trouble.take_request(path)
        if trouble and trouble.what == "status":
            raise RefusedError(_BY_STATUS.get(trouble.status, 20001), status=trouble.status, planned=True)
        if trouble and trouble.what == "lose":
            return BrokenConnection()
        if trouble and trouble.what == "delay":
            await self._world.clock.sleep(trouble.seconds)
        self.sign_in(request)
        response = await handler(request, await self._params(request, known))
        self._tell(request, response.status_code, 0)
        return BrokenConnection() if trouble and trouble.what == "drop" else response

    def _tell(self, request: Request, status: int, code: int) -> None:
        resource = _resource(request.url.path)
        self._world.emit("request", method=request.method, resource=resource, status=status, code=code)

    def sign_in(self, request: Request) -> None:
        """`RefusedError` 20003 without the account's credentials, 20404 for another account's path."""
        user, _, password = _basic(request.headers.get("authorization", "")).partition(":")
        mine = secrets.compare_digest(password.encode(), self._world.auth_token.encode())
        if user != self._world.account_sid or not mine:
            raise RefusedError(20003)
        if request.path_params.get("account", self._world.account_sid) != self._world.account_sid:
            raise RefusedError(20404)

    async def _params(self, request: Request, known: frozenset[str]) -> Params:
        if request.method == "GET":
            params = Params(parse_qsl(request.url.query, keep_blank_values=True))
        else:
            params = Params(self._form(request, await request.body()))
        for name in sorted({key for key, _ in params.pairs} - known):
            self._world.fault(
                f"20001 {request.method} {_resource(request.url.path)}: no parameter is called {name}"
            )
        return params

    def _form(self, request: Request, body: bytes) -> list[tuple[str, str]]:
        """The fields of a form. Twilio reads no JSON: such a body counts as empty."""
        content_type = request.headers.get("content-type", "").partition(";")[0].strip()
        if body and content_type != _FORM:
            self._world.fault(f"20001 {_resource(request.url.path)}: the body is {content_type}, not a form")
            return []
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def names(text: str) -> frozenset[str]:
    """The parameters that a request may have, out of one line."""
    return frozenset(text.split())


def page(request: Request, params: Params, name: str, entries: Sequence[dict[str, Any]]) -> JSONResponse:
    """One page of a list, in Twilio's shape; `PageToken` is ours and only says that there is one."""
    size = min(_whole(params.one("PageSize"), PAGE_SIZE), PAGE_LIMIT) or PAGE_SIZE
    number = _whole(params.one("Page"), 0)
    start = number * size
    shown = list(entries[start : start + size])
    more = start + size < len(entries)
    return JSONResponse(
        {
            "end": start + len(shown) - 1 if shown else start,
            "first_page_uri": _page_uri(request, params, 0, size),
            "next_page_uri": _page_uri(request, params, number + 1, size) if more else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": _page_uri(request, params, number - 1, size) if number else None,
            "start": start,
            "uri": _page_uri(request, params, number, size),
            name: shown,
        }
    )


class BrokenConnection(Response):
    """The connection breaks before an answer is complete, over a server as well as in process."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Promise a body, then give up: a server can only close; in process httpx passes the error on."""
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"1000")]})
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def _page_uri(request: Request, params: Params, number: int, size: int) -> str:
    kept = [(key, value) for key, value in params.pairs if key not in {"Page", "PageSize", "PageToken"}]
    paging = [("PageSize", str(size)), ("Page", str(number))]
    token = [("PageToken", f"P{number}")] if number else []
    return f"{_api_path(request)}?{urlencode(kept + paging + token)}"


def _api_path(request: Request) -> str:
    """The path without the prefix that the simulator may be mounted under, as Twilio writes it."""
    return request.url.path.removeprefix(request.scope.get("root_path", ""))


def _resource(path: str) -> str:
    return path.rpartition("/Accounts/")[2].partition("/")[2]


def _basic(header: str) -> str:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default
