"""The help desk: told of sessions that humans answer, by signed POSTs; it answers by the API.

A message is a Standard Webhooks event, `{"type", "timestamp", "data"}`. It is told again until it is taken, with
the same `webhook-id`, so that a desk that got it twice can tell. What it answers is not read.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx

from orchestrator.assistants import signing
from orchestrator.assistants.tries import within
from orchestrator.core.effects import TellDesk
from orchestrator.core.errors import AssistantError, CarrierError, Outcome
from orchestrator.ports import Clock

PATIENCE = 10.0
"""Seconds for an answer in all, well within the time for which an entry of the outbox is claimed."""
GONE = 410
"""The one answer that ends it: "endpoint disabled" in the scheme."""


class SignedHelpDesk:
    """`orchestrator.ports.HelpDesk` at `url`. `secret` is `whsec_` and base64; `http` stays the caller's."""

    def __init__(self, url: str, *, secret: str, http: httpx.AsyncClient, clock: Clock) -> None:
        self._url = url
        self._key = signing.key_of(secret)
        self._http = http
        self._clock = clock

    async def tell(self, message: TellDesk) -> None:
        """One attempt. Raises `CarrierError`: nothing harmful is done by another one, unless the desk is gone."""
        body = self._body(message)
        headers = signing.sign(self._key, message.message_id, self._clock.now(), body)
        headers |= {"content-type": "application/json", "user-agent": "tandem"}
        try:
            status = await within(self._clock, PATIENCE, self._status(body, headers))
        except AssistantError as error:
            raise CarrierError(f"help desk: {error.reason}", outcome="not_sent") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CarrierError(f"help desk: {type(error).__name__}", outcome="not_sent") from None
        if not httpx.codes.is_success(status):
            outcome: Outcome = "refused" if status == GONE else "not_sent"
            raise CarrierError(f"help desk: HTTP {status}", outcome=outcome, status=status)

    async def _status(self, body: bytes, headers: dict[str, str]) -> int:
        """What it answers, the body left unread: it may be of any length."""
        async with self._http.stream(
            "POST", self._url, content=body, headers=headers, timeout=PATIENCE, follow_redirects=False
        ) as answer:
            return answer.status_code

    def _body(self, message: TellDesk) -> bytes:
        at = datetime.fromtimestamp(message.at, UTC).isoformat(timespec="milliseconds")
        told = {"type": message.type, "timestamp": at.replace("+00:00", "Z"), "data": message.data}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
