"""Opt-outs as a list: exported, taken over, and told from whom they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.fakes.world import ANA, API_TOKEN, BASE, NUMBER, World

pytestmark = pytest.mark.anyio

BEA = "+15550105678"
CAI = "+15550109999"
PATH = "/opt-outs"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A house."""
    async with World() as world:
        yield world


async def ask(world: World, method: str, path: str = PATH, **more: Any) -> httpx.Response:
    """A request to the API."""
    async with world._client() as client:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        answer = await client.request(method, f"{BASE}/api/v1{path}", headers=headers, **more)
    await world.idle()
    return answer


async def listed(world: World, **query: str) -> list[dict[str, Any]]:
    """Who is opted out, by number."""
    found: list[dict[str, Any]] = (await ask(world, "GET", params=query)).json()["opt_outs"]
    return sorted(found, key=lambda entry: str(entry["phone_number"]))


async def test_the_list_tells_whose_since_when_and_by_what(world: World) -> None:
    """By the customer's word, by the carrier's, by the API; who opted in again is not on it."""
    await world.handset(ANA).text("STOP", to=NUMBER)
    world.carrier.trouble.refuse_next_message(21610)
    world.bot.will([{"response_type": "text", "text": "Hello"}])
    await world.handset(BEA).text("Hi", to=NUMBER)
    await ask(world, "PUT", f"{PATH}/{CAI}")
    await world.idle()
    assert [(entry["phone_number"], entry["source"]) for entry in await listed(world)] == [
        (ANA, "text"),
        (BEA, "carrier"),
        (CAI, "api"),
    ]
    assert all(entry["since"] == "2025-06-15T15:06:40.000Z" for entry in await listed(world))
    await world.handset(ANA).text("START", to=NUMBER)
    await world.idle()
    assert [entry["phone_number"] for entry in await listed(world)] == [BEA, CAI]


async def test_a_list_is_taken_over(world: World) -> None:
    """Each is opted out since the moment that the list names; taken over twice it changes nothing."""
    sheet = [
        {"phone_number": "+1 555 010 1234", "assistant": "support", "since": "2020-01-31T12:00:00Z"},
        {"phone_number": BEA, "source": "old system"},
    ]
    first = await ask(world, "POST", json={"opt_outs": sheet})
    assert (first.status_code, first.json()) == (202, {"imported": 2, "unchanged": 0})
    ana, bea = await listed(world)
    assert (ana["since"], ana["source"]) == ("2020-01-31T12:00:00.000Z", "import")
    assert (bea["since"], bea["source"]) == ("2025-06-15T15:06:40.000Z", "old system")
    again = await ask(world, "POST", json={"opt_outs": sheet})
    assert again.json() == {"imported": 0, "unchanged": 2}
    refused = await ask(world, "POST", "/messages", json={"assistant": "support", "to": ANA, "text": "Hi"})
    assert refused.json()["code"] == "opted_out"


async def test_an_export_can_be_taken_over(world: World) -> None:
    """What one house lists, another takes, moments and sources included."""
    await world.handset(ANA).text("STOP", to=NUMBER)
    await world.idle()
    sheet = await listed(world)
    async with World() as other:
        await ask(other, "POST", json={"opt_outs": sheet})
        assert await listed(other) == sheet


async def test_a_later_word_of_the_customer_stands(world: World) -> None:
    """Who opted in after the list was made is not opted out by it."""
    await world.handset(ANA).text("STOP", to=NUMBER)
    await world.clock.advance(10)
    await world.handset(ANA).text("START", to=NUMBER)
    await world.idle()
    old = {"phone_number": ANA, "since": "2020-01-01T00:00:00Z"}
    assert (await ask(world, "POST", json={"opt_outs": [old]})).json() == {"imported": 0, "unchanged": 1}
    assert await listed(world) == []
    await world.clock.advance(10)
    assert (await ask(world, "POST", json={"opt_outs": [{"phone_number": ANA}]})).json()["imported"] == 1
    assert len(await listed(world)) == 1


async def test_pages(world: World) -> None:
    """Every entry once, over pages, and by assistant."""
    numbers = [f"+1555010{n:04d}" for n in range(25)]
    await ask(world, "POST", json={"opt_outs": [{"phone_number": number} for number in numbers]})
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await ask(world, "GET", params={"limit": 4, "cursor": cursor})).json()
        found += [entry["phone_number"] for entry in page["opt_outs"]]
        cursor = page["next_cursor"]
    assert sorted(found) == numbers
    assert len(await listed(world, assistant="support")) == 25


async def test_as_a_table(world: World) -> None:
    """CSV under the names of the fields."""
    await ask(world, "POST", json={"opt_outs": [{"phone_number": ANA, "since": "2020-01-31T12:00:00Z"}]})
    answer = await ask(world, "GET", params={"format": "csv"})
    assert answer.text.splitlines() == [
        "assistant,phone_number,since,source",
        f"support,{ANA},2020-01-31T12:00:00.000Z,import",
    ]


async def test_a_table_holds_no_formula(world: World) -> None:
    """What begins as one is text to a spreadsheet."""
    await ask(world, "POST", json={"opt_outs": [{"phone_number": ANA, "source": "-1 old"}]})
    answer = await ask(world, "GET", params={"format": "csv"})
    assert answer.text.splitlines()[1].endswith(",'-1 old")


async def test_an_erased_customer_is_opted_out_and_not_on_the_list(world: World) -> None:
    """Erasing forgets the number; the mark stays, under its hash."""
    await world.handset(ANA).text("STOP", to=NUMBER)
    await world.idle()
    assert (await ask(world, "DELETE", f"/customers/{ANA}")).json()["opt_out_kept"] is True
    assert await listed(world) == []
    assert (await ask(world, "GET", f"{PATH}/{ANA}")).json()["opt_outs"][0]["consent"] == "opted_out"


@pytest.mark.parametrize(
    ("sheet", "field"),
    [
        ([{"phone_number": "12"}], "opt_outs[0].phone_number"),
        ([{"phone_number": ANA, "since": "yesterday"}], "opt_outs[0].since"),
        ([{"phone_number": ANA, "since": 5}], "opt_outs[0].since"),
        ([{"phone_number": ANA, "since": "0001-01-01T00:00:00+01:00"}], "opt_outs[0].since"),
        ([{"phone_number": ANA, "since": "9999-12-31T23:59:59-01:00"}], "opt_outs[0].since"),
        ([{"phone_number": ANA}, {"phone_number": BEA, "assistant": "nobody"}], "opt_outs[1].assistant"),
        ([{"phone_number": ANA, "source": "<b>"}], "opt_outs[0].source"),
        ([], "opt_outs"),
        ([{"phone_number": ANA}] * 501, "opt_outs"),
    ],
)
async def test_a_wrong_list_changes_nothing(world: World, sheet: list[Any], field: str) -> None:
    """422, with the place, and nobody is opted out."""
    answer = await ask(world, "POST", json={"opt_outs": sheet})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert await listed(world) == []


async def test_a_wrong_query_is_told(world: World) -> None:
    """An unknown assistant, and a cursor of nobody."""
    for query, code in (({"assistant": "nobody"}, "unknown_assistant"), ({"cursor": "x"}, "invalid")):
        answer = await ask(world, "GET", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
