"""Detail records of the whole house: calls, texts and sessions as rows, filtered, in pages, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from orchestrator.core.effects import SendMessage
from orchestrator.outbox.entries import Entry
from orchestrator.ports.sendings import Sending
from orchestrator.web import cdr
from orchestrator.web.api import records
from tests.fakes.bot import text
from tests.fakes.world import ANA, API_TOKEN, BASE, NUMBER, World
from tests.web.house import Api, wrong

pytestmark = pytest.mark.anyio

BEA = "+15550105678"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Bea texted twice and got a picture, one of her answers failed; later Ana called, and texted in the call."""
    async with World() as world:
        bea, ana = world.handset(BEA), world.handset(ANA)
        world.bot.will([text("Hello")], [text("lost")])
        await bea.text("Hi", to=NUMBER)
        await world.idle()
        world.carrier.trouble.fail_next_message(30003)
        await bea.text("More", to=NUMBER, media=["https://pictures.example/1.jpg"])
        await world.idle()
        await world.clock.advance(100)
        world.bot.will([text("Yes?")], [text("Noted.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("=1+1", to=NUMBER)
        await world.idle()
        await world.clock.advance(5)
        await ana.hang_up()
        await world.idle()
        yield world


async def ask(world: World, **query: str) -> httpx.Response:
    """The answer."""
    async with world._client() as client:
        return await client.get(
            f"{BASE}/api/v1/records", params=query, headers={"Authorization": f"Bearer {API_TOKEN}"}
        )


async def found(world: World, **query: str) -> list[dict[str, Any]]:
    """The records."""
    answer = await ask(world, **query)
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()["records"]
    return records


async def test_a_call_is_a_row(world: World) -> None:
    """Whose it was, by which number, when, how long, and how it ended."""
    (call,) = await found(world, kind="call")
    facts = {name: call[name] for name in ("phone_number", "number", "direction", "outcome", "assistant")}
    assert facts == {
        "phone_number": ANA,
        "number": NUMBER,
        "direction": "inbound",
        "outcome": "ended",
        "assistant": "support",
    }
    assert 5 <= call["duration"] <= 6
    assert call["started_at"] == call["answered_at"] < call["ended_at"]


async def test_a_text_is_a_row(world: World) -> None:
    """Both directions, newest first of each session, with what became of it and no word of it."""
    rows = await found(world, kind="text", q=BEA)
    assert [(row["direction"], row["status"], row["code"]) for row in rows] == [
        ("outbound", "undelivered", 30003),
        ("inbound", "received", None),
        ("outbound", "delivered", None),
        ("inbound", "received", None),
    ]
    assert [row["media"] for row in rows] == [None, 1, None, 0]
    assert rows[0]["reason"] == "unreachable"
    assert all(row["message_sid"] for row in rows)
    assert (rows[0]["segments"], rows[0]["encoding"]) == (1, "GSM-7")
    assert "Hello" not in str(rows)


async def test_a_session_is_a_row(world: World) -> None:
    """What happened in it, counted; newest first."""
    rows = await found(world)
    assert [(row["phone_number"], row["calls"], row["texts_in"], row["texts_out"]) for row in rows] == [
        (ANA, 1, 1, 0),
        (BEA, 0, 2, 2),
    ]


@pytest.mark.parametrize("kind", ["call", "text", "session"])
async def test_pages_hold_every_record_once(world: World, kind: str) -> None:
    """One record a page, following the cursor, gives what one large page gives."""
    whole = await found(world, kind=kind)
    one_by_one: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await ask(world, kind=kind, limit="1", cursor=cursor)).json()
        one_by_one += page["records"]
        assert len(page["records"]) <= 1
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert one_by_one == whole


async def test_filters(world: World) -> None:
    """By assistant, by number, by time."""
    assert await found(world, kind="text", assistant="sales") == []
    at = (await found(world, kind="call"))[0]["started_at"]
    assert {row["phone_number"] for row in await found(world, kind="text", since=at)} == {ANA}
    assert {row["phone_number"] for row in await found(world, kind="text", until=at)} == {BEA}
    assert await found(world, kind="session", since="2020-01-01", until="2020-01-02T00:00:00+01:00") == []


async def test_the_plus_sign_of_a_zone_may_have_become_a_blank(world: World) -> None:
    """As written into an address by hand; the moment is the one that was meant."""
    async with world._client() as client:
        for plus in ("%2B", "+"):
            asked = f"{BASE}/api/v1/records?since=2020-01-01T00:30:00{plus}01:00&kind=call"
            answer = await client.get(asked, headers={"Authorization": f"Bearer {API_TOKEN}"})
            assert (answer.status_code, len(answer.json()["records"])) == (200, 1)


async def test_csv(world: World) -> None:
    """The same rows under the names of their fields; the next page is in `Link`, empty where nothing is."""
    answer = await ask(world, kind="text", format="csv", limit="2")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    told = await found(world, kind="text", limit="2")
    assert [row["id"] for row in rows] == [row["id"] for row in told]
    assert [row["phone_number"] for row in rows] == [ANA, BEA]
    assert list(rows[0]) == list(csv.reader(io.StringIO(answer.text)).__next__())
    link = answer.headers["link"]
    assert link.endswith('>; rel="next"')
    async with world._client() as client:
        rest = await client.get(
            BASE + link[1 : link.index(">")], headers={"Authorization": f"Bearer {API_TOKEN}"}
        )
    assert rest.headers["content-type"].startswith("text/csv")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(rest.text))]
    assert ids == [row["id"] for row in await found(world, kind="text")][2:4]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "fax"},
        {"format": "xml"},
        {"limit": "0"},
        {"limit": "1001"},
        {"since": "yesterday"},
        {"cursor": "nonsense"},
        {"cursor": "WyIiLCIiXQ"},
        {"cursor": "WyJub25zZW5zZSIsIiIsIiJd"},
    ],
)
async def test_what_is_wrong_is_told(api: Api, query: dict[str, str]) -> None:
    """422, and the field."""
    answer = await api.get("/records", params=query)
    assert (answer.status_code, wrong(answer)) == (422, set(query))


async def test_sessions_without_a_record_make_short_pages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at so many sessions and no more; what it did not reach is behind its cursor."""
    monkeypatch.setattr(records, "SESSIONS", 1)
    monkeypatch.setattr(records, "LOOKED_AT", 1)
    first = (await ask(world, kind="call")).json()
    assert [call["phone_number"] for call in first["records"]] == [ANA]
    rest = (await ask(world, kind="call", cursor=first["next_cursor"])).json()
    assert rest == {"records": [], "next_cursor": None}


async def test_a_page_asks_the_store_no_more_often_among_more_sessions(api: Api) -> None:
    """A look at the list, the summaries, and a look at the timelines of some sessions together."""
    trips = []
    for many in (range(20), range(20, 80)):
        for n in many:
            await api.clock.advance(1)
            await api.session(f"+1555020{n:04}")
        before = api.store.link.trips
        assert len((await api.get("/records", params={"limit": "20"})).json()["records"]) == 20
        trips.append(api.store.link.trips - before)
    assert trips == [3, 3]


@pytest.mark.parametrize(("found", "seen"), [(False, ("failed", "unresolved")), (True, ("delivered", None))])
def test_a_text_that_was_found_after_all_has_not_failed(*, found: bool, seen: tuple[str, str | None]) -> None:
    """What the carrier says later takes the place of what nobody knew."""
    summary = {
        "id": "S",
        "assistant": "support",
        "customer": {"phone_number": ANA},
        "thread": {"number": NUMBER},
    }
    facts = {"text_id": "T", "segments": 1, "encoding": "GSM-7"}
    kinds = ["text_queued", "text_failed", *(["text_found"] if found else [])]
    data = facts | {"code": 0, "reason": "unresolved"}
    lines = [{"type": kind, "at": "2026-01-01T00:00:00Z", "data": data} for kind in kinds]
    message = SendMessage(text_id="T", to=ANA, sender=NUMBER, body="hi")
    payload = Entry("support", ANA, message).payload()
    (row,) = cdr.rows("text", summary, lines, [Sending(payload, "delivered", "SM1", 0)])
    assert (row["status"], row["reason"]) == seen
