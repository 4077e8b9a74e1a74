"""Media of texts over the API: what comes through, and how a refusal is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlencode

import pytest
from starlette.types import Message, Scope

from orchestrator.core.errors import CarrierError, Outcome
from orchestrator.ports.media import Fetched
from tests.fakes.clock import FakeClock
from tests.web.house import Api, new_store

pytestmark = pytest.mark.anyio

URL = "https://carrier.test/media"


class Shelf:
    """One picture, that is there, is gone, or is out of reach."""

    error: Outcome | None = None
    closed = False

    def fetch(self, assistant: str, url: str) -> AbstractAsyncContextManager[Fetched] | None:
        """Only one address is known."""
        return self._open() if (assistant, url) == ("support", URL) else None

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Fetched]:
        if self.error:
            raise CarrierError("no", outcome=self.error)
        try:
            yield Fetched("image/png", self._chunks())
        finally:
            self.closed = True

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield b"pi"
        yield b"xel"


@pytest.fixture
def shelf() -> Shelf:
    """The carrier's store."""
    return Shelf()


@pytest.fixture
async def shelved(shelf: Shelf) -> AsyncIterator[Api]:
    """An API with it."""
    clock = FakeClock()
    store = new_store(clock)
    await store.start()
    made = Api(store, clock, source=shelf)
    yield made
    await made.client.aclose()
    await store.close()


async def test_a_picture_comes_through(shelved: Api, shelf: Shelf) -> None:
    """Type and bytes are those of the carrier; no browser takes it for a page of ours."""
    answer = await shelved.get("/media", params={"assistant": "support", "url": URL})
    assert (answer.status_code, answer.content) == (200, b"pixel")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert shelf.closed


async def test_the_carrier_is_let_go_where_nobody_waits_any_more(shelved: Api, shelf: Shelf) -> None:
    """Who asked hung up while the carrier was slow: its answer is closed all the same."""

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        await asyncio.sleep(0)

    query = urlencode({"assistant": "support", "url": URL}).encode()
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "GET",
        "path": "/api/v1/media",
        "raw_path": b"/api/v1/media",
        "query_string": query,
        "headers": [(b"authorization", b"Bearer full-token")],
    }
    await shelved.app(scope, gone, send)
    assert shelf.closed


@pytest.mark.parametrize(("outcome", "status"), [("refused", 404), ("not_sent", 502)])
async def test_what_the_carrier_does_not_give_is_told(
    shelved: Api, shelf: Shelf, outcome: Outcome, status: int
) -> None:
    """Gone for good is 404, not now is 502."""
    shelf.error = outcome
    answer = await shelved.get("/media", params={"assistant": "support", "url": URL})
    assert answer.status_code == status
    assert answer.json()["code"] == ("media_not_found" if status == 404 else "media_unavailable")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"assistant": "support", "url": "https://elsewhere.example"}, {"url"}),
        ({"assistant": "nobody", "url": URL}, {"assistant"}),
        ({"url": URL}, {"assistant"}),
        ({"assistant": "support"}, {"url"}),
    ],
)
async def test_what_is_no_media_of_the_assistant_is_refused(
    shelved: Api, query: dict[str, str], named: set[str]
) -> None:
    """422, and the field."""
    answer = await shelved.get("/media", params=query)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == named
