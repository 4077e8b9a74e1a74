"""An address of the API as a pure ASGI app: who asks, by which method, with what; then the operation.

Every answer that says no leaves here as a problem; what an operation raises is turned into one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from orchestrator.core.errors import BadCursorError, OverloadedError, StoreUnavailable
from orchestrator.web.api.access import READING, Tokens
from orchestrator.web.api.body import read_json
from orchestrator.web.api.problems import (
    Problem,
    internal,
    not_found,
    unavailable,
    wrong_fields,
    wrong_method,
)
from orchestrator.web.api.queries import Query
from orchestrator.web.api.requests import ACTIONS
from orchestrator.web.api.validation import read_action, read_form, read_query

log = structlog.get_logger("tandem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path: what it takes, what it gives, and who does it.

    `takes` is a `Query`, or one or more `Form`s of a body (then told apart by `action`). `perform`
    gets the request and the checked form. `problems` are its statuses besides those of every operation,
    `other_types` what it may answer besides JSON, `is_open` that it needs no token, `asks_store` that it
    cannot answer without the store.
    """

    method: str
    path: str
    name: str
    summary: str
    perform: Callable[[Request, Any], Awaitable[Response]]
    takes: tuple[type[BaseModel], ...] = ()
    gives: type[BaseModel] | None = None
    status: int = 200
    problems: tuple[int, ...] = ()
    streams: bool = False
    once: bool = False
    other_types: tuple[str, ...] = ()
    is_open: bool = False
    asks_store: bool = True

    @property
    def acts(self) -> bool:
        """Whether it changes anything: a token that may only read is refused."""
        return self.method not in READING

    @property
    def body(self) -> tuple[type[BaseModel], ...]:
        """The forms of its body; none where it takes none."""
        return tuple(model for model in self.takes if not issubclass(model, Query))

    @property
    def refusals(self) -> list[int]:
        """Every status of a problem that it may answer, a bug of ours (500) apart."""
        found = set(self.problems)
        found |= set() if self.is_open else {401}
        found |= {503} if self.asks_store else set()
        found |= {403} if self.acts else set()
        found |= {400, 413, 415} if self.body else set()
        found |= {422} if self.takes else set()
        return sorted(found)

    async def __call__(self, request: Request) -> Response:
        """Check what came, and perform."""
        return await self.perform(request, await self._form(request))

    async def _form(self, request: Request) -> Any:
        if not self.takes:
            return None
        model = self.takes[0]
        if issubclass(model, Query):
            return read_query(model, request.query_params)
        raw = await read_json(request)
        if model in ACTIONS.values():
            return read_action(raw)
        return read_form(model, raw)


class Resource:
    """The operations of one path; none for an address that does not exist."""

    def __init__(self, tokens: Tokens, operations: Sequence[Operation] = ()) -> None:
        self._tokens = tokens
        self._operations = {operation.method: operation for operation in operations}
        self._is_open = any(operation.is_open for operation in operations)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        response = await self._guarded(Request(scope, receive))
        await response(scope, receive, send)

    async def _guarded(self, request: Request) -> Response:
        try:
            if not self._is_open:
                self._tokens.admit(request)
            return await self._operation(request.method)(request)
        except Problem as problem:
            return problem.response()
        except BadCursorError:
            return wrong_fields([("cursor", "expected `next_cursor` of the page before")]).response()
        except (StoreUnavailable, OverloadedError) as error:
            return unavailable(error).response()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            log.exception("api.failed", method=request.method, error=type(error).__name__)
            return internal().response()

    def _operation(self, method: str) -> Operation:
        if not self._operations:
            raise not_found("There is no such address.", hint="GET /openapi.json lists those there are.")
        found = self._operations.get("GET" if method == "HEAD" else method)
        if found is None:
            raise wrong_method(sorted({*self._operations, *(["HEAD"] if "GET" in self._operations else [])}))
        return found
