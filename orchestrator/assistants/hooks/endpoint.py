"""Where a hook is posted, and how it proves who we are: a signature, Basic, Bearer, or a header."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from orchestrator.assistants import signing
from orchestrator.assistants.inflating import ENCODINGS
from orchestrator.assistants.web import chunks, translated
from orchestrator.core.errors import AssistantError
from orchestrator.ports.world import Clock

_PASSING = frozenset({408, 425, 429})  # "later": the request itself was fine


class Endpoint:
    """One address. `secret` is `whsec_` and base64, or empty for unsigned requests; `timeout` is of one try, in
    seconds. `http` stays the caller's.
    """

    def __init__(
        self,
        url: str,
        *,
        http: httpx.AsyncClient,
        clock: Clock,
        secret: str = "",
        basic: tuple[str, str] | None = None,
        bearer: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 5.0,
    ) -> None:
        self._url, self._http = url, http
        self._key = signing.key_of(secret) if secret else b""
        self._headers = {name.lower(): value for name, value in (headers or {}).items()}
        if basic is not None:
            coded = base64.b64encode(":".join(basic).encode()).decode()
            self._headers["authorization"] = f"Basic {coded}"
        if bearer:
            self._headers["authorization"] = f"Bearer {bearer}"
        self.clock, self.timeout = clock, timeout

    async def post(self, webhook_id: str, body: bytes) -> tuple[str, bytes]:
        """One try: the content type and the body of the answer. Raises `AssistantError`, whose reason is
        `status_...`, `timeout`, `unreachable` or `too_large`.
        """
        own = {"content-type": "application/json", "accept-encoding": ENCODINGS, "user-agent": "tandem"}
        signed = signing.sign(self._key, webhook_id, self.clock.now(), body) if self._key else {}
        plain = {} if self._key else {"webhook-id": webhook_id}
        request = self._http.build_request(
            "POST",
            self._url,
            content=body,
            headers=self._headers | own | plain | signed,
            timeout=self.timeout,
        )
        with translated():
            response = await self._http.send(request, stream=True, follow_redirects=False)
            try:
                return await _read(response)
            finally:
                await response.aclose()


async def _read(response: httpx.Response) -> tuple[str, bytes]:
    status = response.status_code
    if not response.is_success:
        retryable = status >= 500 or status in _PASSING
        raise AssistantError(f"status_{status}", f"HTTP {status}", retryable=retryable)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind, b"".join([chunk async for chunk in chunks(response)])


def payload(kind: str, at: float, data: Mapping[str, Any]) -> bytes:
    """A body as the scheme has it: type, timestamp (RFC 3339) and data."""
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    whole = {"type": kind, "timestamp": moment, "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
