"""Open pages: what happens comes to them by itself, together, once, and as text."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.clock import settle
from tests.web.console.desk import Browser, Console
from tests.web.house import ANA, BEN
from tests.web.test_timeline import Listener

pytestmark = pytest.mark.anyio


class Open(Listener):
    """An open page: the changes that came to it."""

    def __init__(self, console: Console, browser: Browser, path: str, query: str, **headers: str) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(console.api, f"/console{path}", {"cookie": cookies, **named}, query)
        self.scope["headers"] = [pair for pair in self.scope["headers"] if pair[0] != b"authorization"]
        self._app = console.app

    async def run(self) -> None:
        """Look on until the stream ends."""
        await self._app(self.scope, self._receive, self._send)
        self.ended = True

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Each event's data."""
        return [json.loads(line[6:]) for line in self.text.splitlines() if line.startswith("data: ")]

    @property
    def rows(self) -> list[tuple[str, bool]]:
        """Sessions whose rows changed, and whether they are still shown, in order."""
        return [(name, row is not None) for change in self.changes for name, row in change["rows"].items()]


async def later(console: Console, seconds: float) -> None:
    """Time passes, in steps that leave an open page the time to look."""
    for _ in range(round(seconds / 0.25)):
        await console.api.clock.advance(0.25)
        await settle()
        await settle()


@asynccontextmanager
async def looking(
    console: Console, browser: Browser, path: str, query: str = "", **headers: str
) -> AsyncIterator[Open]:
    """A page that is open while the block runs."""
    page = Open(console, browser, path, query, **headers)
    task = asyncio.ensure_future(page.run())
    for _ in range(4):
        await settle()
    yield page
    page.hang_up()
    await task


async def test_the_live_page_shows_what_happens(console: Console) -> None:
    """A session in which something happens is sent as its row, and the counts with it."""
    browser = await console.signed_in()
    async with looking(console, browser, "/stream") as page:
        assert (page.status, page.rows) == (200, [])
        await later(console, 2)
        ana = await console.api.session()
        await console.api.lines(ana, "1.00")
        await later(console, 2)
        assert page.rows == [(ana, True)]
        assert "“hello\nthere”" in page.changes[-1]["rows"][ana]
        assert page.changes[-1]["counts"]["calls"] == 1
        assert ANA not in page.text


async def test_what_happens_before_a_page_listens_comes_to_it(console: Console) -> None:
    """A list says up to where it was read: what came between that and its stream, or while the stream was away, is told
    once it is there; a place that is none, or long gone, begins anew.
    """
    browser = await console.signed_in()
    found = re.search(r'data-place="([0-9-]+)"', (await browser.get("/parts")).text)
    assert found is not None
    await console.api.clock.advance(1)
    ana = await console.api.session()
    await console.api.lines(ana, "1.00")
    await console.api.clock.advance(1)
    async with looking(console, browser, "/stream", f"after={found[1]}") as page:
        assert page.rows == [(ana, True)]
        told = re.findall(r"^id: (.+)$", page.text, re.MULTILINE)[-1]
    async with looking(console, browser, "/stream", f"after={found[1]}", last_event_id=told) as page:
        assert page.rows == []
    for nothing in ("x-y-z", "-1--1-0", "1" * 30 + "-1-1", "1-1-1"):
        async with looking(console, browser, "/stream", f"after={nothing}") as page:
            assert (page.status, page.rows) == (200, [])


async def test_a_burst_comes_together(console: Console) -> None:
    """Two hundred lines a second are at most two changes of the page a second, each row once in it."""
    browser = await console.signed_in()
    names = [await console.api.session(f"+1555010{n:04d}") for n in range(40)]
    async with looking(console, browser, "/stream") as page:
        await later(console, 2)
        before = len(page.changes)
        for round_ in range(10):
            for name in names[:20]:
                await console.api.lines(name, f"{round_:08d}.00")
            await console.api.clock.advance(0.1)
        await later(console, 1)
        came = page.changes[before:]
        assert 1 <= len(came) <= 4
        assert {name for change in came for name in change["rows"]} == set(names[:20])


async def test_a_burst_elsewhere_hides_nothing_that_fits(console: Console) -> None:
    """A page that shows some sessions is told of each of them, however many others change at the same time."""
    browser = await console.signed_in()
    quiet = await console.api.session(assistant="text-only")
    many = [await console.api.session(f"+1555010{n:04d}") for n in range(60)]
    async with looking(console, browser, "/stream", "assistant=text-only") as page:
        await later(console, 2)
        for name in (quiet, *many):
            await console.api.lines(name, "1.00")
        await later(console, 2)
        assert (quiet, True) in page.rows


async def test_what_is_turned_away_comes_too(console: Console) -> None:
    """A refused text shows within three seconds, though no session has it."""
    async with looking(console, await console.signed_in(), "/stream") as page:
        await later(console, 3)
        await console.api.refusal("SM1")
        await later(console, 3)
        assert "no live call" in page.changes[-1]["away"]
        assert ANA not in page.text


async def test_a_row_leaves_a_page_that_it_does_not_fit(console: Console) -> None:
    """A session that is over leaves the list; one that a filter leaves out never comes."""
    browser = await console.signed_in()
    ana, ben = await console.api.session(), await console.api.session(BEN, assistant="text-only")
    async with looking(console, browser, "/stream", "assistant=support") as page:
        await later(console, 2)
        await console.api.lines(ben, "1.00")
        await console.api.session(call_state="ended", name=ana)
        await console.api.lines(ana, "1.00")
        await later(console, 2)
        assert sorted(page.rows) == sorted([(ben, False), (ana, False)])


async def test_a_session_page_goes_on_after_what_it_shows(console: Console) -> None:
    """New lines come once, with the state, the actions and the diagram as they are now."""
    browser = await console.signed_in()
    ana, ben = await console.api.session(), await console.api.session(BEN)
    await console.api.lines(ana, "00000001.00", "00000001.01")
    async with looking(console, browser, f"/sessions/{ana}/stream", "after=00000001.00") as page:
        await later(console, 1)
        assert len(page.changes) == 1
        assert page.changes[0]["rows"].count("data-line") == 1
        await console.api.lines(ben, "00000001.00")
        await later(console, 1)
        assert len(page.changes) == 1
        await console.api.lines(ana, "00000002.00")
        await later(console, 1)
        change = page.changes[1]
        assert change["rows"].count("data-line") == 1
        assert (change["state"], change["steps"]) == ("in_call", 2)
        assert 'aria-current="true"' in change["parts"]["states"]
        assert page.ids[-1] == "00000002.00"
    async with looking(console, browser, f"/sessions/{ana}/stream", last_event_id="00000001.01") as again:
        assert again.changes[0]["rows"].count("data-line") == 1


async def test_a_stream_of_no_session_is_refused(console: Console) -> None:
    """Before it begins."""
    async with looking(console, await console.signed_in(), "/sessions/nonsense/stream") as page:
        assert page.status == 404


async def test_streams_end_with_the_service(console: Console) -> None:
    """A service that ends lets its pages go."""
    async with looking(console, await console.signed_in(), "/stream") as page:
        console.api.closing = True
        await later(console, 1)
        assert page.ended


async def test_an_open_page_hears_nothing_after_the_sign_out(console: Console) -> None:
    """A stream that a stolen cookie opened ends with the visit, before it tells another change."""
    browser = await console.signed_in()
    word = await browser.csrf()
    async with looking(console, browser, "/stream") as page:
        await later(console, 2)
        assert not page.ended
        await browser.post("/sign-out", data={"csrf": word})
        ana = await console.api.session()
        await console.api.lines(ana, "1.00")
        await later(console, 2)
        assert (page.rows, page.ended) == ([], True)
