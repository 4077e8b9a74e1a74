"""Asking an implementation once: the request as the house sends it, and what came of it."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx

from orchestrator.assistants import signing
from orchestrator.assistants.contract.findings import Finding
from orchestrator.assistants.inflating import ENCODINGS
from orchestrator.assistants.streams import CUTTERS
from orchestrator.assistants.web import chunks
from orchestrator.core.errors import AssistantError

_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)
# httpx-aiohttp says ConnectTimeout for every lost connection, one that was refused and one that was closed alike.


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came back: the status (0: nothing), the content type, the body, and after how many seconds. `trouble`
    is what went wrong on the way.
    """

    status: int = 0
    kind: str = ""
    body: bytes = b""
    seconds: float = 0.0
    trouble: Finding | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it was answered with success."""
        return self.trouble is None and 200 <= self.status < 300


class Asker:
    """Posts turns to `url`, signed by `secret` (`whsec_...`) if there is one."""

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        *,
        secret: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._url, self._http, self._timeout = url, http, timeout
        self._extra = dict(headers or {})
        self.key = signing.key_of(secret) if secret else b""

    async def ask(self, request: Mapping[str, Any]) -> Exchange:
        """A turn as it should be."""
        body = packed(request)
        return await self.post(body, self.signed(request["turn_id"], body, time.time()))

    def signed(self, turn_id: str, body: bytes, at: float, key: bytes | None = None) -> dict[str, str]:
        """The headers of the scheme; none without a secret."""
        key = self.key if key is None else key
        return signing.sign(key, turn_id, at, body) if key else {}

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Exchange:
        """Any bytes with any headers."""
        own = {
            "content-type": "application/json",
            "accept": ", ".join(("application/json", *CUTTERS)),
            "accept-encoding": ENCODINGS,
            "user-agent": "tandem",
        }
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(body, self._extra | own | dict(headers), began)
        except _NO_CONNECTION as error:
            return Exchange(trouble=_without_connection(error))
        except (TimeoutError, httpx.TimeoutException):
            told = f"no answer within {self._timeout:g} s"
            return Exchange(seconds=self._timeout, trouble=Finding("timeout", told))
        except (httpx.HTTPError, httpx.StreamError) as error:
            return Exchange(trouble=Finding("broken_off", f"the answer breaks off: {type(error).__name__}"))

    async def _post(self, body: bytes, headers: dict[str, str], began: float) -> Exchange:
        request = self._http.build_request(
            "POST", self._url, content=body, headers=headers, timeout=self._timeout
        )
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            found = b"".join([chunk async for chunk in chunks(response)])
            return Exchange(response.status_code, kind, found, time.monotonic() - began)
        except AssistantError as error:
            code = "too_large" if error.reason == "too_large" else "bad_encoding"
            return Exchange(response.status_code, trouble=Finding(code, error.detail or code))
        finally:
            await response.aclose()


def packed(request: Mapping[str, Any]) -> bytes:
    """A request as bytes, as the house writes it."""
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _without_connection(error: Exception) -> Finding:
    """Nobody is there; or somebody is, and hangs up instead of answering."""
    cause = error.__cause__
    if isinstance(cause, aiohttp.ClientError) and not isinstance(cause, aiohttp.ClientConnectorError):
        return Finding("broken_off", "the connection is closed without an answer")
    return Finding("unreachable", _why_unreachable(error))


def _why_unreachable(error: Exception) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return "the connection is not secure: its certificate or TLS is refused"
        seen = seen.__cause__ or seen.__context__
    return "no connection can be made"
