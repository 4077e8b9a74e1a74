"""`Idempotency-Key`: the same key and request get the same answer for a day, and are done once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Reader, Store
from orchestrator.web.api.problems import Problem, answer, wrong_fields

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is kept: what was done, or that the state forbade it. A problem that is raised
    is not: nothing was stored then, and the key may come again.
    """

    status: int
    body: dict[str, Any]

    def response(self, *, again: bool = False) -> Response:
        """As HTTP; `again` marks one that was kept."""
        return answer(self.body, self.status, headers={"Idempotent-Replayed": "true"} if again else None)


def key_of(request: Request) -> str:
    """The key of a request, empty without one; 422 for one that cannot be kept."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return ""
    if not _KEY.fullmatch(key):
        raise wrong_fields([("Idempotency-Key", "expected 1 to 200 visible ASCII characters")])
    return key


class Once:
    """Keeps answers by key, for all addresses together: a key names one request."""

    def __init__(self, reader: Reader, store: Store) -> None:
        self._reader = reader
        self._store = store
        self._running: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def do(self, key: str, asked: Any, make: Callable[[], Awaitable[Reply]]) -> Response:
        """The answer of `make`, or the one that was given to this key before."""
        if not key:
            return (await make()).response()
        lock = self._running.setdefault(key, asyncio.Lock())
        async with lock:
            return await self._do(key, _print_of(key, asked), make)

    async def _do(self, key: str, mark: str, make: Callable[[], Awaitable[Reply]]) -> Response:
        before = await self._recall(key, mark)
        if before is not None:
            return before.response(again=True)
        reply = await make()
        value = json.dumps({"of": mark, "status": reply.status, "body": reply.body})
        try:
            await self._reader.remember(self._place(key), key, value)
            first = await self._recall(key, mark)  # another process may have been first: both say the same
        except StoreUnavailable:
            first = None  # it is done all the same, and a 503 would say that nothing was stored
        return (first or reply).response()

    async def _recall(self, key: str, mark: str) -> Reply | None:
        kept = await self._reader.recall(self._place(key), key)
        if kept is None:
            return None
        value = json.loads(kept)
        if value["of"] != mark:
            raise Problem(
                422,
                "idempotency_key_reused",
                "This Idempotency-Key came with another request before.",
                hint="Use a new key for a new request; a key is kept for a day.",
            )
        return Reply(value["status"], value["body"])

    def _place(self, key: str) -> Any:
        """A place of its own for each key, so that it is found whatever else the request says."""
        return self._store.address("idempotency-key", key)


def _print_of(key: str, asked: Any) -> str:
    """A digest of what is asked for; the key salts it, for numbers are few enough to try."""
    return sha256(json.dumps([key, asked], sort_keys=True).encode()).hexdigest()
