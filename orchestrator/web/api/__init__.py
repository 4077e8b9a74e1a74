"""The HTTP API under `/api/v1`, for the assistant out of turn, operators and tools.

Operations are tables of what each takes and gives (`reading`, `timeline`, `acting`, `customers`, `letters`); `resource` serves
them, `openapi` describes them. What is decided is decided behind `ports.Desk`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from orchestrator.ports import Clock, Desk, Operators, Reader, Store
from orchestrator.ports.media import MediaSource
from orchestrator.web.api import (
    acting,
    backlog,
    customers,
    letters,
    media,
    openapi,
    opt_outs,
    reading,
    records,
    timeline,
)
from orchestrator.web.api.access import Tokens
from orchestrator.web.api.actions import AssistantFacts
from orchestrator.web.api.finding import Finder
from orchestrator.web.api.once import Once
from orchestrator.web.api.openapi import NOBODY, Others
from orchestrator.web.api.problems import answer
from orchestrator.web.api.resource import Operation, Resource
from orchestrator.web.feed import Feed
from orchestrator.web.streams import Streams

__all__ = ["AssistantFacts", "Others", "Tokens", "operations", "routes"]

STREAMS = 200
"""Streams of a process at once: each looks at the store once a second."""


def routes(
    *,
    reader: Reader,
    desk: Desk,
    store: Store,
    operators: Operators,
    assistants: Mapping[str, AssistantFacts],
    tokens: Tokens,
    clock: Clock,
    closing: Callable[[], bool] = lambda: False,
    streams: int = STREAMS,
    feed: Feed | None = None,
    lengths: backlog.Lengths = dict,
    source: MediaSource | None = None,
    base: str = "",
    others: Others = NOBODY,
) -> list[BaseRoute]:
    """The API's routes; the last answers every other address under `/api/v1`. `closing` tells that
    the service ends, so that streams do; `feed` is what the process follows the log of all sessions by,
    `lengths` the queues of our numbers, `source` where media of texts lie, `base` the path that stands
    before each address, `others` tells what is served beside the API.
    """
    served = operations(
        reader=reader,
        desk=desk,
        store=store,
        operators=operators,
        assistants=assistants,
        clock=clock,
        closing=closing,
        streams=streams,
        feed=feed,
        lengths=lengths,
        source=source,
    )
    served.append(describing(served, base, others))
    return [
        *(Route(path, Resource(tokens, found)) for path, found in by_path(served).items()),
        Route("/api/v1", Resource(tokens), include_in_schema=False),
        Mount("/api/v1", Resource(tokens)),
    ]


def operations(
    *,
    reader: Reader,
    desk: Desk,
    store: Store,
    operators: Operators,
    assistants: Mapping[str, AssistantFacts],
    clock: Clock,
    closing: Callable[[], bool],
    streams: int,
    feed: Feed | None = None,
    lengths: backlog.Lengths = dict,
    source: MediaSource | None = None,
) -> list[Operation]:
    """Everything that the API does."""
    finder = Finder(reader, clock)
    return [
        *reading.operations(reader, finder, clock),
        *records.operations(reader, operators),
        *media.operations(source, tuple(assistants)),
        *timeline.operations(reader, finder, feed or Feed(reader, clock), Streams(clock, closing, streams)),
        *customers.operations(customers.Customers(desk, reader, store, operators, tuple(assistants))),
        *opt_outs.operations(opt_outs.OptOutLists(desk, store, operators, tuple(assistants))),
        *letters.operations(letters.Letters(operators, lambda: store.partitions)),
        *backlog.operations(backlog.Backlogs(operators, lengths)),
        *acting.operations(acting.Acting(desk, finder, Once(reader, store), assistants)),
    ]


def by_path(served: list[Operation]) -> dict[str, list[Operation]]:
    """The operations of each path, in reading order."""
    paths: dict[str, list[Operation]] = {}
    for operation in served:
        paths.setdefault(operation.path, []).append(operation)
    return paths


def describing(served: list[Operation], base: str = "", others: Others = NOBODY) -> Operation:
    """The description of all that is served, itself among it. It is written when it is first asked for."""

    @cache
    def document() -> dict[str, Any]:
        return openapi.document(served, base=base, others=others)

    async def describe(_: Request, __: None) -> Response:
        return answer(document())

    return Operation(
        method="GET",
        path="/openapi.json",
        name="describe",
        summary="This description",
        perform=describe,
        other_types=("application/json",),
        is_open=True,
        asks_store=False,
    )
