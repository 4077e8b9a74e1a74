"""Troubles of messages that last, or take time, and the same over HTTP."""

from __future__ import annotations

import httpx
import pytest

from tests.channels.simulator.customer import API, OURS, House, settled

pytestmark = pytest.mark.anyio
SERVICE = "MG" + "a" * 32


async def send(house: House, body: str = "hello", **more: str) -> httpx.Response:
    """A message to the phone."""
    return await house.send(Body=body, **({"From": ""} if "MessagingServiceSid" in more else {}), **more)


async def status_of(house: House, sent: httpx.Response) -> tuple[str, int | None]:
    """How a message stands."""
    await settled()
    found = (await house.api.get(f"{API}/Messages/{sent.json()['sid']}.json")).json()
    return found["status"], found["error_code"]


async def test_a_filter_lasts_until_it_is_ended(house: House) -> None:
    """Messages with the word are undelivered, 30007, others arrive."""
    house.sim.trouble.filter_messages("prize")
    assert await status_of(house, await send(house, "Your PRIZE!")) == ("undelivered", 30007)
    assert await status_of(house, await send(house, "Your parcel")) == ("delivered", None)
    house.sim.trouble.filter_messages("")
    assert await status_of(house, await send(house, "Your PRIZE!")) == ("delivered", None)


async def test_a_full_queue_refuses_or_fails(house: House) -> None:
    """21611 with 429 at once for the number itself; 30001 later for a Messaging Service; until it drains."""
    house.sim.add_messaging_service(SERVICE, [OURS])
    house.sim.trouble.fill_queue(OURS)
    refused = await send(house)
    assert (refused.status_code, refused.json()["code"]) == (429, 21611)
    failed = await send(house, MessagingServiceSid=SERVICE)
    assert failed.status_code == 201
    assert await status_of(house, failed) == ("failed", 30001)
    house.sim.trouble.fill_queue(OURS, full=False)
    assert await status_of(house, await send(house)) == ("delivered", None)


async def test_statuses_may_take_their_time(house: House) -> None:
    """Each comes so many seconds after the one before."""
    house.sim.trouble.delay_statuses(30)
    sent = await send(house)
    assert await status_of(house, sent) == ("queued", None)
    await house.clock.advance(30)
    assert await status_of(house, sent) == ("sent", None)
    await house.clock.advance(30)
    assert await status_of(house, sent) == ("delivered", None)


async def test_a_number_without_pictures_sends_none(house: House) -> None:
    """21621 for media from a number that is not capable of them."""
    house.sim.add_number(OURS, capabilities={"sms": True, "voice": True, "mms": False})
    refused = await send(house, MediaUrl="https://x.example/a.png")
    assert refused.json()["code"] == 21621
    house.sim.faults.clear()


async def test_a_trouble_may_be_asked_for_over_http(house: House) -> None:
    """Name and fields are those of the method; a wrong one is told, and needs the account."""
    answer = await house.api.post("/troubles/refuse_next_message", json={"code": 21211})
    assert answer.status_code == 204
    assert (await send(house)).json()["code"] == 21211
    assert (await house.api.post("/troubles/shuffle_statuses")).status_code == 204
    assert house.sim.trouble.reversed_statuses == 1
    for name, fields, status in (
        ("storm", {}, 404),
        ("refuse_next_message", {}, 400),
        ("refuse_next_message", {"code": "x"}, 400),
        ("refuse_next_message", {"code": True}, 400),
        ("lose_next_webhook", {"kind": "fax"}, 400),
        ("fill_queue", {"number": OURS, "empty": True}, 400),
    ):
        assert (await house.api.post(f"/troubles/{name}", json=fields)).status_code == status, (name, fields)
    assert (await house.api.post("/troubles/fill_queue", content="[1")).status_code == 400
    assert (
        await house.api.post("/troubles/fill_queue", headers={"Authorization": "Basic eDp5"})
    ).status_code == 401
