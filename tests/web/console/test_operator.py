"""What an operator does from the console reaches the customer: over the whole house, a call and its texts."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.fakes.bot import text
from tests.fakes.world import ANA, BASE, NUMBER, World
from tests.web.console.desk import PAGE

pytestmark = pytest.mark.anyio

HUMAN = "+15550105555"


class Operator:
    """A browser of somebody who is signed in by the full token."""

    def __init__(self, world: World) -> None:
        transport = httpx.ASGITransport(world.service.app)
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE, headers=PAGE)
        self._word = ""

    async def sign_in(self) -> None:
        """As Tess."""
        await self._client.post("/console/sign-in", data={"token": "api-token", "name": "Tess"})
        page = (await self._client.get("/console/")).text
        found = re.search(r'name="csrf" content="([^"]+)"', page)
        assert found
        self._word = found.group(1)

    async def post(self, path: str, **body: Any) -> int:
        """An action of a page; its status."""
        word = {"X-CSRF-Token": self._word}
        return (await self._client.post(f"/console{path}", json=body, headers=word)).status_code

    async def close(self) -> None:
        """Leave."""
        await self._client.aclose()


async def test_an_operator_speaks_texts_and_puts_through() -> None:
    """In a live call: words are heard, a text arrives, the call goes to a human; each is on record with who did it,
    and without what was said.
    """
    async with World() as world:
        ana, human, tess = world.handset(), world.handset(HUMAN), Operator(world)
        world.bot.will([text("Hello.")])
        await ana.call(NUMBER)
        await world.idle()
        await tess.sign_in()
        act = f"/sessions/{(await world.session())['id']}/actions"
        with capture_logs() as logs:
            assert await tess.post(act, action="say", text="A colleague is here.") == 202
            await ana.hears("A colleague is here.")
            await world.idle()
            assert await tess.post(act, action="send_text", text="Your parcel is here.") == 202
            await ana.receives("Your parcel is here.")
            assert await tess.post(act, action="transfer", to=HUMAN) == 202
            await world.idle()
        assert human.is_ringing
        assert await world.state() == "transferring"
        told = [entry for entry in logs if entry["event"] == "console.acted"]
        assert [entry["action"] for entry in told] == ["say", "send_text", "transfer"]
        assert {entry["actor"] for entry in told} == {"console: Tess (api_token)"}
        assert "parcel" not in str(told)
        await tess.close()


async def test_an_operator_calls_and_ends() -> None:
    """A call that begins at the console rings at the customer, and `end` hangs it up behind its last words."""
    async with World() as world:
        ana, tess = world.handset(), Operator(world)
        world.bot.will([text("Hello, Ana.")])
        await tess.sign_in()
        assert await tess.post("/calls", assistant="support", to=ANA) == 202
        await ana.answer()
        await ana.hears("Hello, Ana.")
        assert await world.state() == "in_call"
        act = f"/sessions/{(await world.session())['id']}/actions"
        assert await tess.post(act, action="end") == 202
        await ana.is_over()
        assert await world.state() == "ended"
        await tess.close()
