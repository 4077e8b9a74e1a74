"""`kind: http`: a turn is one signed POST, its answer JSON, at once or as a stream of items.

What an answer may hold stands in `items`; how often is asked, in `tries`. Neither what was asked nor
what was answered appears in an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx

from orchestrator.assistants import signing
from orchestrator.assistants.inflating import ENCODINGS
from orchestrator.assistants.items import parse_answer, parse_entries
from orchestrator.assistants.items.answer import Answer
from orchestrator.assistants.streams import CUTTERS, Cutter, Telling
from orchestrator.assistants.tries import Tries
from orchestrator.assistants.web import MAX_ANSWER, chunks, translated
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.ports.world import Clock, Heard

__all__ = ["MAX_ANSWER", "HttpAssistant"]
_CONNECT = 5.0  # seconds: a dead host is known early enough for a second try
_PASSING = frozenset({408, 425, 429})  # "later": the request itself was fine


class HttpAssistant:
    """Asks `url`. `secret` is `whsec_` and base64, or empty for unsigned requests.

    `headers` are sent besides; those of the scheme and the content type win. `http` stays the caller's, unless
    it is `own`: then `close` closes it.
    """

    def __init__(
        self,
        url: str,
        *,
        http: httpx.AsyncClient,
        clock: Clock,
        secret: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        voice_timeout: float = 0.0,
        retries: int = 1,
        own: bool = False,
    ) -> None:
        self._url = url
        self._own = own
        self._key = signing.key_of(secret) if secret else b""
        self._extra = {name.lower(): value for name, value in (headers or {}).items()}
        self._http = http
        self._clock = clock
        self._tries = Tries(clock, timeout, retries, voice_timeout)

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """The answer to one turn; every try carries the same `webhook-id`, the turn's. Of an answer
        that is streamed `heard` is told item by item.
        """
        body = json.dumps(ask.request, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        items, context = await self._tries.run(ask, lambda left: self._once(ask.turn_id, body, left, heard))
        now = self._clock.now()
        return AssistantReplied(
            id=f"reply:{ask.turn_id}", at=now, turn_id=ask.turn_id, items=items, context=context
        )

    async def close(self) -> None:
        """Let go of connections that are its own."""
        if self._own:
            await self._http.aclose()

    async def _once(self, turn_id: str, body: bytes, left: float, heard: Heard | None) -> Answer:
        limit = httpx.Timeout(left, connect=min(left, _CONNECT))
        request = self._http.build_request(
            "POST", self._url, content=body, headers=self._headers(turn_id, body), timeout=limit
        )
        with translated():
            response = await self._http.send(request, stream=True, follow_redirects=False)
            try:
                return await _read(response, heard)
            finally:
                await response.aclose()

    def _headers(self, turn_id: str, body: bytes) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "accept": ", ".join(("application/json", *CUTTERS)),
            "accept-encoding": ENCODINGS,
            "user-agent": "tandem",
        }
        return (
            self._extra
            | headers
            | (signing.sign(self._key, turn_id, self._clock.now(), body) if self._key else {})
        )


async def _read(response: httpx.Response, heard: Heard | None) -> Answer:
    status = response.status_code
    if not response.is_success:
        retryable = status >= 500 or status in _PASSING
        reason = "redirected" if 300 <= status < 400 else f"status_{status}"
        raise AssistantError(reason, f"HTTP {status}", retryable=retryable)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    cutter = CUTTERS.get(kind)
    if cutter is not None:
        return await _stream(response, cutter(), Telling(heard))
    body = b"".join([chunk async for chunk in chunks(response)])
    if body.strip() and not (kind == "application/json" or kind.endswith("+json")):
        raise AssistantError("malformed", "the content type is not JSON", retryable=False, part=body)
    return parse_answer(body)


async def _stream(response: httpx.Response, cutter: Cutter, telling: Telling) -> Answer:
    entries: list[bytes] = []
    async for chunk in chunks(response):
        for entry in cutter.feed(chunk):
            telling.tell(entry)
            entries.append(entry)
    return parse_entries(entries + cutter.rest())
