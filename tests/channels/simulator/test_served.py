"""The simulator as a real server under a path, and its phones over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.channels.simulator.customer import ACCOUNT, API, OURS, PHONE, TOKEN, House, settled

pytestmark = pytest.mark.anyio


@pytest.fixture
async def served(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the simulator, served on a free loopback port under /carrier."""
    app = Starlette(routes=[Mount("/carrier", house.sim.app)])
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_level=60))
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}/carrier"
    async with httpx.AsyncClient(base_url=base, auth=(ACCOUNT, TOKEN)) as client:
        yield client
    server.should_exit = True
    await serving


async def test_the_api_under_a_path(house: House, served: httpx.AsyncClient) -> None:
    """Mounted under a path the API works, and its addresses are written as Twilio's, without the path."""
    for _ in range(2):
        answer = await served.post(f"{API}/Messages.json", data={"To": PHONE, "From": OURS, "Body": "hello"})
        assert answer.status_code == 201
    page = (await served.get(f"{API}/Messages.json", params={"PageSize": "1"})).json()
    assert page["next_page_uri"].startswith(f"{API}/Messages.json?")
    assert len((await served.get(page["next_page_uri"])).json()["messages"]) == 1
    assert house.sim.faults == []


async def test_a_connection_is_really_dropped(house: House, served: httpx.AsyncClient) -> None:
    """Over HTTP a dropped request ends without an answer, and the message was taken."""
    house.sim.trouble.drop_next_request("Messages")
    with pytest.raises(httpx.RemoteProtocolError):
        await served.post(f"{API}/Messages.json", data={"To": PHONE, "From": OURS, "Body": "hello"})
    assert len(house.sim.messages) == 1


async def test_a_phone_over_http(house: House) -> None:
    """Another process can make a phone call, speak, press, text and hang up, and see what it saw."""
    ask = '<Gather input="dtmf speech" action="/voice"><Say>Yes?</Say></Gather>'
    house.customer.answers = {"/voice": ask}
    phone = f"/handsets/{PHONE}"
    assert (await house.api.post(f"{phone}/call", json={"to": OURS})).json()["call_state"] == "ringing"
    await house.api.post(f"{phone}/say", json={"words": "hello"})
    await house.api.post(f"{phone}/press", json={"keys": "1"})
    await house.api.post(f"{phone}/text", json={"to": OURS, "body": "a text"})
    await house.send(Body="for you")
    await settled()
    await house.api.post(f"{phone}/hang_up")
    seen = (await house.api.get(phone)).json()
    assert (seen["call_state"], seen["is_listened_to"]) == ("completed", False)
    assert [line["text"] for line in seen["heard"]] == ["Yes?"] * 3
    assert [text["body"] for text in seen["received"]] == ["for you"]
    assert house.customer.forms("/sms")[0]["Body"] == "a text"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("fly", "{}", 404),
        ("call", "{}", 400),
        ("call", "no json", 400),
        ("say", '{"words": 1}', 400),
        ("hang_up", "", 409),
        ("say", '{"words": "hello"}', 409),
    ],
)
async def test_what_a_phone_cannot_do(house: House, path: str, body: str, status: int) -> None:
    """Unknown actions, missing fields and the wrong moment are told apart, never a 500."""
    answer = await house.api.post(f"/handsets/{PHONE}/{path}", content=body)
    assert answer.status_code == status
    assert answer.json()["message"]


async def test_phones_need_the_credentials(house: House) -> None:
    """Without the account's credentials phones are neither seen nor driven."""
    headers = {"Authorization": ""}
    looked = await house.api.get(f"/handsets/{PHONE}", headers=headers)
    called = await house.api.post(f"/handsets/{PHONE}/call", json={"to": OURS}, headers=headers)
    assert (looked.status_code, called.status_code) == (401, 401)
    assert house.sim.calls == []


async def test_what_happens_to_a_phone_is_followed(house: House) -> None:
    """Events are told once, in order, to whoever says how far it read; a phone's own and no other's."""
    events = f"/handsets/{PHONE}/events"
    await house.api.post(f"/handsets/{PHONE}/text", json={"to": OURS, "body": "one"})
    await house.api.post("/handsets/+15550109999/text", json={"to": OURS, "body": "another's"})
    first = (await house.api.get(events)).json()
    assert [(seen["kind"], seen["data"]["text"]) for seen in first["events"]] == [("texted", "one")]
    held = asyncio.ensure_future(house.api.get(events, params={"since": first["next"], "wait": 5}))
    await settled()
    assert not held.done()
    await house.api.post(f"/handsets/{PHONE}/text", json={"to": OURS, "body": "two"})
    after = (await held).json()
    assert [seen["data"]["text"] for seen in after["events"]] == ["two"]
    assert (await house.api.get(events, params={"since": after["next"]})).json()["events"] == []


@pytest.mark.parametrize("query", [{"since": "x"}, {"wait": "nan"}, {"wait": "-1"}])
async def test_events_asked_for_wrongly(house: House, query: dict[str, str]) -> None:
    """A parameter that is no number is refused."""
    assert (await house.api.get(f"/handsets/{PHONE}/events", params=query)).status_code == 400
