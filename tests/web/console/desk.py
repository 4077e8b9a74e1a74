"""A console over a store in this process, and browsers that look at it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette

from orchestrator.ports.simulation import Simulation
from orchestrator.web.api import Tokens
from orchestrator.web.console import ConsoleFacts, routes
from orchestrator.web.feed import Feed
from tests.web.house import ASSISTANTS, TOKENS, Api

BASE = "http://tandem.test"
TOKEN = "full-token"
NASTY = '<script>alert(1)</script><img src=x onerror="alert(2)">\'"&{{ 7*7 }}'
"""What somebody may text."""
PAGE = {"Accept": "text/html,application/xhtml+xml"}


class Browser:
    """A person's browser: it keeps cookies, asks for pages, and follows no redirect by itself."""

    def __init__(self, console: Console, **more: Any) -> None:
        client = more.pop("peer", "192.0.2.10")
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(console.app, client=(client, 5000)),
            base_url=more.pop("base", BASE),
            headers=PAGE,
        )

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """A page."""
        return await self.client.get(f"/console{path}", **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        """A form, or JSON."""
        return await self.client.post(f"/console{path}", **more)

    async def sign_in(self, token: str = TOKEN, **form: str) -> httpx.Response:
        """Type the token and press the button."""
        return await self.post("/sign-in", data={"token": token, **form})

    async def csrf(self) -> str:
        """The word that pages of ours hold."""
        found = re.search(r'name="csrf" content="([^"]+)"', (await self.get("/")).text)
        assert found is not None
        return found.group(1)

    async def act(self, session_id: str, body: Any, **headers: str) -> httpx.Response:
        """An action as the page's script sends it."""
        headers = {"X-CSRF-Token": await self.csrf(), "Accept": "*/*"} | headers
        return await self.post(f"/sessions/{session_id}/actions", json=body, headers=headers)


class Console:
    """The console of one process; another one on the same store is another process."""

    def __init__(
        self,
        api: Api,
        tokens: Tokens = TOKENS,
        facts: ConsoleFacts | None = None,
        simulation: Simulation | None = None,
    ) -> None:
        self.api = api
        self.browsers: list[Browser] = []
        self.app = Starlette(
            routes=routes(
                reader=api.store,
                desk=api.desk,
                store=api.store,
                operators=api.store,
                visits=api.store,
                traffic=api.store,
                assistants=ASSISTANTS,
                tokens=tokens,
                clock=api.clock,
                facts=facts or ConsoleFacts(),
                feed=Feed(api.store, api.clock),
                closing=lambda: api.closing,
                simulation=simulation,
            )
        )

    def browser(self, **more: Any) -> Browser:
        """A browser that nobody is signed in with."""
        self.browsers.append(Browser(self, **more))
        return self.browsers[-1]

    async def signed_in(self, token: str = TOKEN, **form: str) -> Browser:
        """A browser whose owner is signed in."""
        browser = self.browser()
        assert (await browser.sign_in(token, **form)).status_code == 303
        return browser


@asynccontextmanager
async def opened(api: Api, *args: Any, **more: Any) -> AsyncIterator[Console]:
    """A console while the block runs."""
    made = Console(api, *args, **more)
    yield made
    for browser in made.browsers:
        await browser.client.aclose()


class Parsed(HTMLParser):
    """A page as elements: (name, attributes) of each, the text, and the texts of elements by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Remember it."""
        if data.strip():
            self.words.append(data.strip())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of each such element."""
        asked = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [found for name, found in self.elements if name == tag and asked.items() <= found.items()]
