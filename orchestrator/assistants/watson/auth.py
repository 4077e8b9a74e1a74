"""How the service knows us: an API key as Basic credentials, or tokens that IAM gives for it.

Neither key nor token appears in an error.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any, Protocol

import httpx

from orchestrator.core.errors import AssistantError
from orchestrator.ports.world import Clock

IAM_URL = "https://iam.cloud.ibm.com/identity/token"
_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
_FRESH = 0.8
"""The part of a token's life after which the next one is fetched, as IBM's own clients do."""
_LIMIT = 10.0  # seconds for a token: a caller waits behind it
_MAX_BODY = 64 * 1024


class Auth(Protocol):
    """Gives the `authorization` header."""

    async def header(self) -> str:
        """The header's value now."""
        ...

    def refused(self, header: str) -> bool:
        """The service answered 401 to `header`: whether another try with the next one may do better."""
        ...


class Basic:
    """User `apikey` and the key as its password."""

    def __init__(self, api_key: str) -> None:
        self._value = "Basic " + base64.b64encode(f"apikey:{api_key}".encode()).decode()

    async def header(self) -> str:
        """Always the same."""
        return self._value

    def refused(self, header: str) -> bool:
        """The key will not become right."""
        del header
        return False


class IamTokens:
    """Bearer tokens, one request at a time, kept until `_FRESH` of their life is over.

    While IAM is away a token that is still good goes on being used.
    """

    def __init__(self, api_key: str, *, http: httpx.AsyncClient, clock: Clock, url: str = IAM_URL) -> None:
        self._api_key = api_key
        self._http = http
        self._clock = clock
        self._url = url
        self._token = ""
        self._renew_at = self._expires_at = 0.0
        self._lock = asyncio.Lock()

    async def header(self) -> str:
        """The token, renewed when it is time."""
        if self._clock.now() >= self._renew_at:
            async with self._lock:
                if self._clock.now() >= self._renew_at:  # who held the lock may have renewed it
                    await self._renew()
        return f"Bearer {self._token}"

    def refused(self, header: str) -> bool:
        """A token may have been withdrawn: the next header carries a new one, unless that is so already."""
        if header == f"Bearer {self._token}":
            self._renew_at = self._expires_at = 0.0
        return True

    async def _renew(self) -> None:
        try:
            token, life = _token_of(await self._fetch())
        except AssistantError:
            if self._clock.now() < self._expires_at:
                return
            raise
        now = self._clock.now()
        self._token = token
        self._renew_at, self._expires_at = now + life * _FRESH, now + life

    async def _fetch(self) -> bytes:
        try:
            response = await self._http.post(
                self._url,
                data={"grant_type": _GRANT, "apikey": self._api_key},
                headers={"accept": "application/json", "user-agent": "tandem"},
                timeout=_LIMIT,
                follow_redirects=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AssistantError("iam_unreachable", type(error).__name__) from None
        if not response.is_success:
            retryable = response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS
            reason = "iam_unreachable" if retryable else "iam_refused"
            raise AssistantError(reason, f"HTTP {response.status_code}", retryable=retryable)
        return response.content[:_MAX_BODY]


def _token_of(body: bytes) -> tuple[str, float]:
    """The token and its life in seconds."""
    try:
        answer: Any = json.loads(body)
        token, life = answer["access_token"], float(answer["expires_in"])
    except (ValueError, KeyError, TypeError):
        raise AssistantError("iam_malformed", "no token in the answer of IAM") from None
    if not isinstance(token, str) or not token or "\n" in token or not life > 0:
        raise AssistantError("iam_malformed", "no token in the answer of IAM")
    return token, life
