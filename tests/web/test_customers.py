"""What a customer may ask of us, through the API and the whole house."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from orchestrator.core.errors import StoreUnavailable
from tests.fakes.world import ANA, API_TOKEN, BASE, NUMBER, World
from tests.web.house import READING, Api, problem, wrong

pytestmark = pytest.mark.anyio
BEN = "+15550105678"


class Place:
    """A house, and a client of its API."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(world.service.app),
            base_url=f"{BASE}/api/v1",
            headers={"Authorization": f"Bearer {API_TOKEN}"},
        )

    async def ask(self, method: str, path: str, **more: str) -> httpx.Response:
        """A request, and what follows from it."""
        answer = await self.client.request(method, path, params=more)
        await self.world.idle()
        return answer

    async def open(self, to: str = ANA) -> httpx.Response:
        """A text session, business first."""
        answer = await self.client.post("/messages", json={"assistant": "support", "to": to, "text": "Hello"})
        await self.world.idle()
        return answer


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A house of its own."""
    async with World() as world:
        made = Place(world)
        yield made
        await made.client.aclose()


async def test_who_never_said_anything_may_be_texted(place: Place) -> None:
    """No record is told as such, with each assistant."""
    body = (await place.ask("GET", f"/opt-outs/{ANA}")).json()
    nothing = {"assistant": "support", "consent": "opted_in", "since": None, "source": None}
    assert body == {"phone_number": ANA, "opt_outs": [nothing]}


async def test_opted_out_is_not_texted_until_opted_in(place: Place) -> None:
    """PUT keeps texts away, also from a customer we never met; DELETE lets them through again."""
    done = await place.ask("PUT", f"/opt-outs/{ANA}", assistant="support")
    assert (done.status_code, done.json()["assistants"]) == (202, ["support"])
    record = (await place.ask("GET", f"/opt-outs/{ANA}")).json()["opt_outs"][0]
    assert (record["consent"], record["source"]) == ("opted_out", "api")
    assert record["since"].endswith("Z")
    problem(await place.open(), 409, "opted_out")
    assert (await place.ask("DELETE", f"/opt-outs/{ANA}")).status_code == 202
    assert (await place.open()).status_code == 202
    assert place.world.handset().texts == ["Hello"]


async def test_opting_out_closes_an_open_thread(place: Place) -> None:
    """As the customer's own STOP would."""
    await place.open()
    await place.ask("PUT", f"/opt-outs/{ANA}")
    assert await place.world.state() == "ended"


async def test_the_export_is_whole_and_of_one_customer(place: Place) -> None:
    """Sessions with their timelines, and nothing of others."""
    first = (await place.open()).json()["session_id"]
    await place.open(BEN)
    body = (await place.ask("GET", f"/customers/{ANA}")).json()
    assert [session["id"] for session in body["sessions"]] == [first]
    assert "Hello" in str(body["sessions"][0]["events"])
    assert BEN not in str(body)


async def test_what_was_erased_is_gone(place: Place) -> None:
    """Sessions, timelines and refusals of that customer only; doing it again is harmless."""
    first = (await place.open()).json()["session_id"]
    other = (await place.open(BEN)).json()["session_id"]
    await place.world.clock.advance(5)  # an id that is young is looked for again for a second
    answer = await place.ask("DELETE", f"/customers/{ANA}")
    assert answer.json() == {"sessions": 1, "opt_out_kept": False}
    problem(await place.ask("GET", f"/sessions/{first}"), 404, "session_not_found")
    assert (await place.ask("GET", f"/sessions/{other}")).status_code == 200
    assert (await place.ask("DELETE", f"/customers/{ANA}")).json() == {"sessions": 0, "opt_out_kept": False}


async def test_an_opt_out_outlives_erasing(place: Place) -> None:
    """Under its keyed hash, unless it is to be forgotten too."""
    await place.open()
    await place.world.handset().text("STOP", to=NUMBER)
    await place.world.idle()
    assert (await place.ask("DELETE", f"/customers/{ANA}")).json() == {"sessions": 1, "opt_out_kept": True}
    problem(await place.open(), 409, "opted_out")
    forgotten = await place.ask("DELETE", f"/customers/{ANA}", forget_opt_out="true")
    assert forgotten.json()["opt_out_kept"] is False
    assert (await place.open()).status_code == 202


@pytest.mark.parametrize("number", ["x", "5550101234", "+1-555", "%2B", "+1555010123499999"])
async def test_what_is_no_number_is_told(api: Api, number: str) -> None:
    """422 names the field, for each address that holds one."""
    for method, path in (("GET", "opt-outs"), ("PUT", "opt-outs"), ("DELETE", "customers")):
        answer = await api.client.request(method, f"/api/v1/{path}/{number}")
        assert wrong(answer) == {"number"}


async def test_an_unknown_assistant_is_told(api: Api) -> None:
    """Nobody is opted out of nothing."""
    answer = await api.client.put("/api/v1/opt-outs/+15550101234?assistant=sales")
    assert wrong(answer, "unknown_assistant") == {"assistant"}
    assert api.desk.consents == []


async def test_looking_changes_nothing(api: Api) -> None:
    """The token that may only read neither sets consent nor erases."""
    for method, path in (("PUT", "opt-outs"), ("DELETE", "opt-outs"), ("DELETE", "customers")):
        answer = await api.client.request(method, f"/api/v1/{path}/{ANA}", headers=READING)
        problem(answer, 403, "read_only")


async def test_a_store_that_is_away_opts_nobody_out(api: Api) -> None:
    """503, and the request may be sent again."""
    api.desk.error = StoreUnavailable("no answer from 10.0.0.7")
    problem(await api.client.put(f"/api/v1/opt-outs/{ANA}"), 503, "store_unavailable")
