"""The service's HTTP: sessions and messages of Watson Assistant v2 (IBM's API reference, "Assistant v2").

What a message holds is made and read elsewhere. No error says what was sent or answered.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from orchestrator.assistants.inflating import ENCODINGS
from orchestrator.assistants.watson.auth import Auth
from orchestrator.assistants.watson.stream import FinalResponse
from orchestrator.assistants.web import chunks
from orchestrator.core.errors import AssistantError
from orchestrator.core.nesting import LEVELS, is_too_deep

_CONNECT = 5.0  # seconds: a dead host is known early enough for a second try
_PASSING = frozenset({408, 425, 429})  # "later": the request itself was fine
_NO_STREAM = frozenset({404, 405, 406, 501})
_INVALID_SESSION = b"invalid session"
_JSON = "application/json"
_EVENTS = "text/event-stream"

Body = Mapping[str, Any]


class InvalidSessionError(AssistantError):
    """The session is unknown or has expired."""

    def __init__(self) -> None:
        super().__init__("invalid_session", "HTTP 404", retryable=False)


class NoStreamError(AssistantError):
    """The service does not stream."""

    def __init__(self) -> None:
        super().__init__("no_stream", "the service has no message_stream", retryable=False)


@dataclass(frozen=True, slots=True)
class WatsonApi:
    """One assistant of an instance. With an `environment_id` addresses have the form of 2024, with both
    ids; without, that of before, where `assistant_id` is the environment's or a classic assistant's.
    """

    url: str
    assistant_id: str
    version: str
    auth: Auth
    http: httpx.AsyncClient
    environment_id: str = ""

    async def create_session(self, left: float) -> str:
        """A new session's id."""
        answer = await self._call("POST", "/sessions", {}, left)
        session_id = answer.get("session_id")
        if not isinstance(session_id, str) or not session_id:
            raise AssistantError("malformed", "no session_id")
        return session_id

    async def delete_session(self, session_id: str, left: float) -> None:
        """End a session; one that is gone is ended."""
        try:
            await self._call("DELETE", f"/sessions/{quote(session_id, safe='')}", None, left)
        except InvalidSessionError:
            return

    async def message(self, session_id: str, body: Body, left: float) -> dict[str, Any]:
        """The answer to a message; without a session id, stateless."""
        return await self._call("POST", f"{_of(session_id)}/message", body, left)

    async def message_stream(
        self, session_id: str, body: Body, left: float, complete: Callable[[Any], None]
    ) -> dict[str, Any]:
        """The same from the event stream; `complete` is told of every item that is whole."""
        path, final = f"{_of(session_id)}/message_stream", FinalResponse(complete)
        async with self._open("POST", path, body, left, accept=_EVENTS) as response:
            error = await _error_of(response)
            if response.status_code in _NO_STREAM and not isinstance(error, InvalidSessionError):
                raise NoStreamError
            if error is not None:
                raise error
            if _kind(response) != _EVENTS:
                return await _read(response)
            async for chunk in chunks(response):
                final.feed(chunk)
        return final.whole()

    async def _call(self, method: str, path: str, body: Body | None, left: float) -> dict[str, Any]:
        async with self._open(method, path, body, left) as response:
            error = await _error_of(response)
            if error is not None:
                raise error
            return await _read(response)

    @asynccontextmanager
    async def _open(
        self, method: str, path: str, body: Body | None, left: float, *, accept: str = _JSON
    ) -> AsyncIterator[httpx.Response]:
        """The response, once more with new credentials where they may do better; closed in the end."""
        header = await self.auth.header()
        response = await self._send(method, path, body, left, accept, header)
        try:
            if response.status_code == httpx.codes.UNAUTHORIZED and self.auth.refused(header):
                await response.aclose()
                response = await self._send(method, path, body, left, accept, await self.auth.header())
            yield response
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise _told(error) from None
        finally:
            await response.aclose()

    async def _send(
        self, method: str, path: str, body: Body | None, left: float, accept: str, authorization: str
    ) -> httpx.Response:
        content = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        headers = {
            "accept": accept,
            "accept-encoding": ENCODINGS,
            "authorization": authorization,
            "user-agent": "tandem",
        }
        request = self.http.build_request(
            method,
            self.url.rstrip("/") + self._base + path,
            params={"version": self.version},
            content=None if content is None else content.encode("utf-8", "replace"),
            headers=headers if content is None else {**headers, "content-type": _JSON},
            timeout=httpx.Timeout(left, connect=min(left, _CONNECT)),
        )
        try:
            return await self.http.send(request, stream=True, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _told(error) from None

    @property
    def _base(self) -> str:
        base = f"/v2/assistants/{quote(self.assistant_id, safe='')}"
        return f"{base}/environments/{quote(self.environment_id, safe='')}" if self.environment_id else base


def _told(error: Exception) -> AssistantError:
    if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
        return AssistantError("timeout", "no answer in time")
    return AssistantError("unreachable", type(error).__name__)


def _of(session_id: str) -> str:
    return f"/sessions/{quote(session_id, safe='')}" if session_id else ""


async def _read(response: httpx.Response) -> dict[str, Any]:
    body = await _body(response)
    if not body.strip():
        return {}
    try:
        answer = json.loads(body.decode("utf-8-sig"))
        if b"\\ud" in body.lower():  # half a surrogate pair cannot be stored or sent
            answer = json.loads(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise AssistantError("malformed", "not JSON", retryable=False, part=body) from None
    if not isinstance(answer, dict):
        raise AssistantError("malformed", "not an object", retryable=False, part=body)
    if is_too_deep(answer):
        raise AssistantError("malformed", f"more than {LEVELS} levels", retryable=False, part=body)
    return answer


async def _error_of(response: httpx.Response) -> AssistantError | None:
    """What a status other than success means. A 404 may be about the session rather than the assistant."""
    if response.is_success:
        return None
    status = response.status_code
    if status == httpx.codes.NOT_FOUND and _INVALID_SESSION in (await _body(response)).lower():
        return InvalidSessionError()
    reason = "redirected" if response.is_redirect else f"status_{status}"
    return AssistantError(reason, f"HTTP {status}", retryable=status >= 500 or status in _PASSING)


async def _body(response: httpx.Response) -> bytes:
    return b"".join([chunk async for chunk in chunks(response)])


def _kind(response: httpx.Response) -> str:
    kind: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind
