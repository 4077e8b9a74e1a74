"""The API before the whole house: what it is told to do reaches the customer, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.fakes.world import ANA, API_TOKEN, BASE, World
from tests.web.house import problem

pytestmark = pytest.mark.anyio


class Place:
    """A house and its API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(world.service.app),
            base_url=f"{BASE}/api/v1",
            headers={"Authorization": f"Bearer {API_TOKEN}"},
        )

    async def post(self, path: str, body: Any, key: str = "") -> httpx.Response:
        """A POST, and what follows from it."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = await self.client.post(path, json=body, headers=headers)
        await self.world.idle()
        return answer

    async def open(self, key: str = "") -> httpx.Response:
        """A session opened by us."""
        return await self.post("/messages", {"assistant": "support", "to": ANA, "text": "Hello"}, key)

    async def texts(self, session_id: str) -> list[str]:
        """What the timeline tells of texts to the customer."""
        lines = (await self.client.get(f"/sessions/{session_id}/events")).json()["events"]
        return [line["data"]["text"] for line in lines if line["type"] == "text_queued"]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A house of its own."""
    async with World() as world:
        made = Place(world)
        yield made
        await made.client.aclose()


async def test_a_session_opened_by_us_is_the_one_that_is_named(place: Place) -> None:
    """The answer's session is found under its id, in text_only, and its text is on the timeline once."""
    first, second = await place.open("k"), await place.open("k")
    assert first.status_code == 202
    assert first.json() == second.json()
    session_id = first.json()["session_id"]
    session = (await place.client.get(f"/sessions/{session_id}")).json()
    assert (session["state"], session["customer"]) == ("text_only", {"phone_number": ANA})
    assert await place.texts(session_id) == ["Hello"]


async def test_a_second_session_is_refused_with_the_state(place: Place) -> None:
    """A customer who has an open session is written to through its actions."""
    await place.open()
    body = problem(await place.open(), 409, "session_open")
    assert body["state"] == "text_only"
    assert "send_text" in body["allowed"]


async def test_an_action_is_carried_out_once(place: Place) -> None:
    """A repeated send_text sends one text; the context that was set is shown."""
    session_id = (await place.open()).json()["session_id"]
    path = f"/sessions/{session_id}/actions"
    for _ in range(2):
        answer = await place.post(path, {"action": "send_text", "text": "More"}, "k")
        assert answer.status_code == 202
    await place.post(path, {"action": "set_context", "context": {"order": 7}})
    assert await place.texts(session_id) == ["Hello", "More"]
    assert (await place.client.get(f"/sessions/{session_id}")).json()["context"] == {"order": 7}


async def test_the_state_forbids(place: Place) -> None:
    """Without a call nothing can be said: a conflict that tells what can be done instead."""
    session_id = (await place.open()).json()["session_id"]
    body = problem(
        await place.post(f"/sessions/{session_id}/actions", {"action": "say", "text": "x"}),
        409,
        "not_allowed",
    )
    assert body["state"] == "text_only"
    assert "say" not in body["allowed"]


async def test_an_ended_session_stays_in_sight(place: Place) -> None:
    """After `end` it is shown as ended, and further actions are conflicts."""
    session_id = (await place.open()).json()["session_id"]
    path = f"/sessions/{session_id}/actions"
    assert (await place.post(path, {"action": "end"})).status_code == 202
    assert (await place.client.get("/sessions")).json()["sessions"] == []
    listed = (await place.client.get("/sessions?state=ended")).json()["sessions"]
    assert [session["id"] for session in listed] == [session_id]
    body = problem(await place.post(path, {"action": "send_text", "text": "x"}), 409, "not_allowed")
    assert (body["state"], body["allowed"]) == ("ended", [])
