"""What was asked of us and what we asked: each webhook in, each request out, for people who look for a fault.

No words of anybody, no whole number: kinds, the carrier's ids, status, time. Written a second later, and at
best: nothing waits for it.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestrator.core.errors import TandemError
from orchestrator.core.numbers import masked
from orchestrator.ports import Clock
from orchestrator.ports.traffic import Remark, TrafficBook, remarks
from orchestrator.runner.views import rfc3339
from orchestrator.web.metrics import KINDS, WEBHOOKS

LATER = 1.0
"""Seconds until entries are written: many together, outside of whatever is answered."""
NO_ANSWER = 20.0
"""Seconds after which a request of ours has no answer: above every time-out of ours but an assistant's."""
WAITING_BOUND = 2_000
REMEMBERED = 2_000
"""Requests of this process that a repeated one is told by."""
BODY_BOUND = 65_536
CARRIER = "/2010-04-01/Accounts/"
IDS = ("CallSid", "MessageSid", "SmsSid", "ParentCallSid")
FACTS = ("CallStatus", "MessageStatus", "SmsStatus", "ErrorCode")
VERDICTS = {
    403: "bad signature",
    404: "unknown number",
    400: "incomplete",
    413: "too large",
    415: "no form",
    503: "not stored",
}
"""What an answer to a webhook means: the checks of the channel, in its words."""


class Traffic:
    """Collects entries of this process, and writes them to the book of all."""

    def __init__(self, book: TrafficBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._waiting: list[dict[str, Any]] = []
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._planned: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def begun(self, way: str, what: str, **facts: Any) -> dict[str, Any]:
        """An entry of now; whoever has the answer fills in `status` and `ms`."""
        entry = {
            "at": rfc3339(self._clock.now()),
            "way": way,
            "what": what,
            "status": None,
            "ms": None,
            **facts,
        }
        if len(self._waiting) < WAITING_BOUND:
            self._waiting.append(entry)
        if self._planned is None:
            self._planned = asyncio.get_running_loop().call_later(LATER, self._write)
        return entry

    def is_repeated(self, request: bytes) -> bool:
        """Whether this process saw the same request before."""
        digest = sha256(request).hexdigest()
        known = digest in self._seen
        self._seen[digest] = None
        self._seen.move_to_end(digest)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return known

    def _write(self) -> None:
        self._planned = None
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self.flush())

    async def flush(self) -> None:
        """Write what is finished; what waits for its answer is written then, or without one."""
        done: list[dict[str, Any]] = []
        open_: list[dict[str, Any]] = []
        for entry in self._waiting:
            began = entry.get("began")
            is_open = entry["status"] is None and began is not None and perf_counter() - began < NO_ANSWER
            (open_ if is_open else done).append(entry)
        self._waiting = open_
        if open_ and self._planned is None:
            self._planned = asyncio.get_running_loop().call_later(LATER, self._write)
        texts = [json.dumps({name: entry[name] for name in entry if name != "began"}) for entry in done]
        if texts:
            try:
                await self._book.write_traffic(texts)
            except TandemError:
                return  # the store has worse troubles than a lost line here

    def close(self) -> None:
        """No more entries."""
        if self._planned is not None:
            self._planned.cancel()
        if self._writing is not None:
            self._writing.cancel()

    # Out ------------------------------------------------------------------------------------------
    def watch(self, http: httpx.AsyncClient) -> None:
        """Note the requests of a client of ours."""
        http.event_hooks["request"].append(self._asking)
        http.event_hooks["response"].append(self._answered)
        http.event_hooks = http.event_hooks

    async def _asking(self, request: httpx.Request) -> None:
        path = request.url.path
        if path.startswith(WEBHOOKS):
            return  # the built-in carrier, which asks us
        is_carrier = CARRIER in path
        what = path.partition(CARRIER)[2].partition("/")[2] if is_carrier else request.url.host
        whom = "carrier" if is_carrier else "assistant"
        entry = self.begun("out", f"{request.method} {what}", whom=whom, **_facts(_form(request)))
        entry["began"] = perf_counter()
        request.extensions["tandem.entry"] = entry

    async def _answered(self, response: httpx.Response) -> None:
        entry = response.request.extensions.get("tandem.entry")
        if entry is not None:
            entry["status"] = response.status_code
            entry["ms"] = round((perf_counter() - entry["began"]) * 1000)


class WebhookTraffic:
    """ASGI middleware that notes the carrier's webhooks."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI; anything that is no webhook passes untouched."""
        if scope["type"] != "http" or not scope.get("path", "").startswith(WEBHOOKS):
            await self._app(scope, receive, send)
            return
        body, status, began = bytearray(), 500, perf_counter()

        async def read() -> Message:
            message = await receive()
            if len(body) <= BODY_BOUND:
                body.extend(message.get("body", b""))
            return message

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with remarks() as remarked:
            try:
                await self._app(scope, read, seen)
            finally:
                self._note(scope, bytes(body), status, perf_counter() - began, remarked)

    def _note(
        self, scope: Scope, body: bytes, status: int, seconds: float, remarked: Sequence[Remark]
    ) -> None:
        path = scope["path"].removeprefix(WEBHOOKS)
        repeated = self._traffic.is_repeated(
            f"{path}?".encode() + scope.get("query_string", b"") + b"\n" + body
        )
        verdict = VERDICTS.get(status, "ok" if status < 400 else "failed")
        if verdict == "ok" and (repeated or remarked):
            verdict = "repeated" if repeated else remarked[0]
        entry = self._traffic.begun("in", KINDS.get(path, "other"), whom="carrier", **_facts(_pairs(body)))
        entry |= {
            "status": status,
            "ms": round(seconds * 1000),
            "verdict": verdict,
        }


def _form(request: httpx.Request) -> Mapping[str, str]:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return _pairs(request.content)
    except httpx.RequestNotRead:
        return {}


def _pairs(body: bytes) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(body.decode("ascii", "replace"), max_num_fields=1000))
    except ValueError:
        return {}


def _facts(form: Mapping[str, str]) -> dict[str, Any]:
    """Ids, states and masked numbers of a form; never words."""
    found: dict[str, Any] = {"ids": list(dict.fromkeys(form[name][:40] for name in IDS if form.get(name)))}
    found["facts"] = " ".join(dict.fromkeys(form[name][:20] for name in FACTS if form.get(name)))
    if form.get("From") or form.get("To"):
        found["numbers"] = f"{masked(form.get('From'))} → {masked(form.get('To'))}"
    return found
