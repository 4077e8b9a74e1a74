"""One request to the carrier's REST API, and what its end says about whether it was carried out.

The three endpoints that Tandem needs are in `rest.py`. Nothing is repeated here: a message has no
idempotency key at the carrier, so only the outbox may decide on a second attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NoReturn

import aiohttp
import httpx

from channels.twilio.codes import RETRY_LATER
from channels.twilio.integration import Integration
from orchestrator.core.errors import CarrierError, Outcome

CONNECT_TIMEOUT = 3.0
"""Seconds."""

TOTAL_TIMEOUT = 8.0
"""Seconds; under the ten within which a voice request must be answered, should one wait for this."""

Fields = Mapping[str, str | list[str]]

# Raised before a byte of the request is written.
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

# httpx's aiohttp transport says ConnectTimeout for every lost connection, a disconnect after the
# request was written included; only these causes are from before.
_AIOHTTP_NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class Api:
    """One account of one Twilio-compatible endpoint. `http` is shared and closed by its owner."""

    def __init__(
        self, http: httpx.AsyncClient, integration: Integration, *, total_timeout: float = TOTAL_TIMEOUT
    ) -> None:
        self._http = http
        self.base = integration.base_url.rstrip("/")
        self._auth = httpx.BasicAuth(integration.account_sid, integration.auth_tokens[0])
        self._total = total_timeout
        self._timeout = httpx.Timeout(total_timeout, connect=min(CONNECT_TIMEOUT, total_timeout))
        self.account = f"/2010-04-01/Accounts/{integration.account_sid}"

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Read. Safe to repeat, so whatever goes wrong on the way is `not_sent`."""
        try:
            return await self._call("GET", path, params=params)
        except CarrierError as error:
            if error.outcome != "unknown":
                raise
            raise CarrierError(
                str(error), outcome="not_sent", code=error.code, status=error.status
            ) from error

    async def post(self, path: str, fields: Fields) -> dict[str, Any]:
        """Change something. A list in `fields` is sent as the repeated parameter that the carrier reads."""
        return await self._call("POST", path, data=fields)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Fields | None = None,
    ) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._total):
                response = await self._http.request(
                    method,
                    self.base + path,
                    params=params,
                    data=data,
                    auth=self._auth,
                    timeout=self._timeout,
                    follow_redirects=False,  # credentials go to the configured host only
                )
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            _raise_lost(error)
        return _read(response)


def _raise_lost(error: Exception) -> NoReturn:
    """No answer. The message names the kind of error only: an address may hold a number."""
    outcome: Outcome = "not_sent" if _is_unwritten(error) else "unknown"
    raise CarrierError(f"no answer from the carrier: {type(error).__name__}", outcome=outcome) from error


def _is_unwritten(error: Exception) -> bool:
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) else error
    if isinstance(cause, aiohttp.ClientError | aiohttp.ConnectionTimeoutError):
        return isinstance(cause, _AIOHTTP_NOT_WRITTEN)
    return isinstance(error, (*_NOT_WRITTEN, httpx.InvalidURL))


def _read(response: httpx.Response) -> dict[str, Any]:
    answer = _json(response)
    if response.is_success:
        if answer is None:
            raise CarrierError(
                "the carrier's answer is no JSON object", outcome="unknown", status=response.status_code
            )
        return answer
    code = _code(answer or {})
    raise CarrierError(
        f"the carrier answered {response.status_code}, code {code}",
        outcome=_outcome(response.status_code, code),
        code=code,
        status=response.status_code,
    )


def _outcome(status: int, code: int) -> Outcome:
    """429 means that the request was never processed (Twilio, error 20429)."""
    if status == httpx.codes.TOO_MANY_REQUESTS or code in RETRY_LATER:
        return "not_sent"
    return "unknown" if status >= httpx.codes.INTERNAL_SERVER_ERROR else "refused"


def _json(response: httpx.Response) -> dict[str, Any] | None:
    try:
        answer = response.json()
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("code")
    return code if isinstance(code, int) else 0
