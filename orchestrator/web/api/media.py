"""Pictures and sounds that came with a text, for an assistant that has no credentials of the carrier."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from orchestrator.core.errors import CarrierError
from orchestrator.ports.media import Fetched, MediaSource
from orchestrator.web.api.problems import NO_STORE, Problem, not_found, unknown_assistant, wrong_fields
from orchestrator.web.api.queries import GetMedia
from orchestrator.web.api.resource import Operation

SAFE = {**NO_STORE, "Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"}
"""A customer sent it: no browser shows it as a page of ours."""


def operations(source: MediaSource | None, assistants: Collection[str]) -> list[Operation]:
    """The operation of this file."""

    async def get_media(_: Request, query: GetMedia) -> Response:
        if query.assistant not in assistants:
            raise unknown_assistant(assistants)
        opened = source.fetch(query.assistant, query.url) if source else None
        if opened is None:
            raise wrong_fields([("url", "expected the address of a media of this assistant's texts")])
        async with AsyncExitStack() as stack:
            try:
                fetched = await stack.enter_async_context(opened)
            except CarrierError as error:
                raise _unavailable(error) from None
            return Lent(fetched, stack.pop_all())
        raise AssertionError  # the stack lets nothing pass

    return [
        Operation(
            method="GET",
            path="/api/v1/media",
            name="get_media",
            summary="A picture or sound that came with a text: `input.media[].url` of a turn",
            perform=get_media,
            takes=(GetMedia,),
            problems=(404, 502),
            other_types=("*/*",),
            asks_store=False,
        )
    ]


class Lent(StreamingResponse):
    """A media that comes through. The carrier's answer is let go with ours, also where nobody waits any more and no
    chunk is asked for.
    """

    def __init__(self, fetched: Fetched, stack: AsyncExitStack) -> None:
        super().__init__(fetched.chunks, media_type=fetched.content_type, headers=SAFE)
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        async with self._stack:
            await super().__call__(scope, receive, send)


def _unavailable(error: CarrierError) -> Problem:
    if error.outcome == "refused":
        return not_found(
            "The carrier has no such media.", "media_not_found", "It may have been deleted there."
        )
    return Problem(
        502,
        "media_unavailable",
        "The carrier does not give the media now.",
        hint="Ask again in a while.",
    )
