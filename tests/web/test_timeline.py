"""A session's timeline, in pages and as a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.clock import settle
from tests.web.house import FULL, Api, problem, take_away, wrong

pytestmark = pytest.mark.anyio


class Listener:
    """A client of a stream: what came so far, and how it hangs up."""

    def __init__(self, api: Api, path: str, headers: dict[str, str], query: str = "") -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.ended = False
        self._api = api
        self._gone = asyncio.Event()
        pairs = {
            "accept": "text/event-stream",
            **{name.lower(): value for name, value in FULL.items()},
            **headers,
        }
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
            "client": ("127.0.0.1", 5000),
            "server": ("tandem.test", 80),
            "scheme": "http",
            "root_path": "",
        }

    async def run(self) -> None:
        """Listen until the stream ends."""
        await self._api.app(self.scope, self._receive, self._send)
        self.ended = True

    def hang_up(self) -> None:
        """Go away."""
        self._gone.set()

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()

    @property
    def ids(self) -> list[str]:
        """The ids of the lines that came."""
        return [line.removeprefix("id: ") for line in self.text.splitlines() if line.startswith("id: ")]


@asynccontextmanager
async def listening(api: Api, session_id: str, **headers: str) -> AsyncIterator[Listener]:
    """A client that listens to a session while the block runs."""
    async with listening_to(api, f"/api/v1/sessions/{session_id}/events", **headers) as listener:
        yield listener


@asynccontextmanager
async def listening_to(api: Api, path: str, query: str = "", **headers: str) -> AsyncIterator[Listener]:
    """A client that listens while the block runs."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    listener = Listener(api, path, named, query)
    task = asyncio.ensure_future(listener.run())
    await settle()
    yield listener
    listener.hang_up()
    await task


async def test_the_timeline_comes_in_pages(api: Api) -> None:
    """Oldest first; the cursor goes on after the last line, and is null when nothing follows."""
    session_id = await api.session()
    await api.lines(session_id, "1.00", "1.01", "2.00")
    first = (await api.get(f"/sessions/{session_id}/events?limit=2")).json()
    rest = (await api.get(f"/sessions/{session_id}/events", params={"cursor": first["next_cursor"]})).json()
    assert [line["id"] for line in first["events"] + rest["events"]] == ["1.00", "1.01", "2.00"]
    assert (first["next_cursor"], rest["next_cursor"]) == ("1.01", None)
    assert first["events"][0]["data"] == {"text": "hello\nthere"}


async def test_bounds_of_a_page(api: Api) -> None:
    """A page has 1 to 1000 lines."""
    session_id = await api.session()
    for limit in (0, 1001):
        assert wrong(await api.get(f"/sessions/{session_id}/events?limit={limit}")) == {"limit"}


async def test_a_stream_tells_what_happened_and_goes_on(api: Api) -> None:
    """First the lines there are, then each new one within a second, each as one event with its id."""
    session_id = await api.session()
    await api.lines(session_id, "1.00")
    async with listening(api, session_id) as listener:
        assert (listener.status, listener.ids) == (200, ["1.00"])
        assert listener.headers["content-type"].startswith("text/event-stream")
        assert listener.headers["x-accel-buffering"] == "no"
        await api.lines(session_id, "2.00", "2.01")
        await api.clock.advance(1)
        assert listener.ids == ["1.00", "2.00", "2.01"]
        data = [line[6:] for line in listener.text.splitlines() if line.startswith("data: ")]
        assert json.loads(data[0])["data"] == {"text": "hello\nthere"}
        await api.clock.advance(5)
        assert len(listener.ids) == 3
        assert not listener.ended


async def test_a_client_that_comes_back_misses_nothing(api: Api) -> None:
    """`Last-Event-ID` goes on after that line."""
    session_id = await api.session()
    await api.lines(session_id, "1.00", "1.01", "2.00")
    async with listening(api, session_id, last_event_id="1.01") as listener:
        assert listener.ids == ["2.00"]


@pytest.mark.parametrize("seen", ["nonsense", "", "-1", "1.1.1", "1", "0" * 5000])
async def test_an_id_that_is_none_is_the_beginning(api: Api, seen: str) -> None:
    """What no timeline gave as an id leads to all of its lines: none is missed."""
    session_id = await api.session()
    await api.lines(session_id, "1.00", "2.00")
    async with listening(api, session_id, last_event_id=seen) as listener:
        assert (listener.status, listener.ids) == (200, ["1.00", "2.00"])


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("TEXT/Event-Stream", True),
        ("text/html, text/event-stream;q=0.5", True),
        ("text/event-stream;q=0", False),
        ("application/json, text/event-stream; q=0.0", False),
        ("text/event-streams", False),
        ("*/*", False),
    ],
)
async def test_a_stream_is_what_accept_names(api: Api, accept: str, streams: bool) -> None:
    """The type is read in any case, and where its weight is nothing it is not wanted."""
    session_id = await api.session()
    async with listening(api, session_id, accept=accept) as listener:
        assert ("event-stream" in listener.headers["content-type"]) is streams


async def test_a_head_of_a_stream_ends_at_once(api: Api) -> None:
    """It tells the type, takes no place among the streams, and does not go on."""
    small = Api(api.store, api.clock, streams=0)
    session_id = await small.session()
    for path in (f"/api/v1/sessions/{session_id}/events", "/api/v1/events"):
        answer = await small.client.head(path, headers={"Accept": "text/event-stream"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
    await small.client.aclose()


async def test_a_long_timeline_is_told_whole_at_once(api: Api) -> None:
    """More lines than one look brings do not wait for the clock."""
    session_id = await api.session()
    names = [f"{n:08d}.00" for n in range(450)]
    await api.lines(session_id, *names)
    async with listening(api, session_id) as listener:
        await settle()
        assert listener.ids == names


async def test_a_quiet_stream_is_pinged(api: Api) -> None:
    """After 15 s of silence there is a comment, and none before."""
    session_id = await api.session()
    async with listening(api, session_id) as listener:
        await api.clock.advance(14)
        assert ": ping" not in listener.text
        await api.clock.advance(1)
        assert listener.text.count(": ping\n\n") == 1
        await api.clock.advance(15)
        assert listener.text.count(": ping\n\n") == 2


async def test_streams_end_with_the_service(api: Api) -> None:
    """A service that ends lets its listeners go within a second."""
    session_id = await api.session()
    async with listening(api, session_id) as listener:
        api.closing = True
        await api.clock.advance(1)
        assert listener.ended


async def test_a_stream_ends_when_the_store_is_away(api: Api) -> None:
    """The client comes back by itself, with the last id that it saw."""
    session_id = await api.session()
    async with listening(api, session_id) as listener:
        take_away(api.store, "events")
        await api.clock.advance(1)
        assert listener.ended


async def test_there_is_a_bound_of_streams(api: Api) -> None:
    """One too many is a 503; one that was left makes room."""
    small = Api(api.store, api.clock, streams=1)
    session_id = await small.session()
    sse = {"Accept": "text/event-stream"}
    async with listening(small, session_id):
        problem(await small.get(f"/sessions/{session_id}/events", headers=sse), 503, "too_many_streams")
        assert (await small.get(f"/sessions/{session_id}/events")).status_code == 200
    async with listening(small, session_id) as listener:
        assert listener.status == 200
    await small.client.aclose()


async def test_a_stream_of_no_session_is_a_problem(api: Api) -> None:
    """It is refused as any request is, before a stream begins."""
    async with listening(api, "nonsense") as listener:
        assert listener.status == 404
        assert json.loads(listener.text)["code"] == "session_not_found"
