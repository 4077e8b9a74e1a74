"""Pictures that a phone sends: what the webhook carries, where they lie, and what is no picture."""

from __future__ import annotations

import httpx
import pytest

from channels.simulator import pictures
from channels.simulator.pictures import LARGEST, kind_of
from tests.channels.simulator.customer import API, OURS, House

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n and more"


async def test_a_picture_comes_with_its_address_and_type(house: House) -> None:
    """The webhook names both; the address is below its message, and gives the bytes to who has credentials."""
    kept = house.sim.keep_picture(PNG)
    message = await house.phone.text("", to=OURS, pictures=[kept.sid])
    form = house.customer.forms("/sms")[-1]
    assert (form["NumMedia"], form["MediaContentType0"], form["Body"]) == ("1", "image/png", "")
    assert form["MessageSid"].startswith("MM")
    assert form["MediaUrl0"] == f"https://api.twilio.com{API}/Messages/{message.sid}/Media/{kept.sid}"
    path = form["MediaUrl0"].removeprefix("https://api.twilio.com")
    answer = await house.api.get(path)
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert (await house.api.get(path, headers={"Authorization": ""})).status_code == 401
    assert house.sim.picture(form["MediaUrl0"]) == kept


async def test_a_picture_is_listed_with_its_message_until_it_is_deleted(house: House) -> None:
    """As the sweep asks for what a lost webhook would have named; no other message has it."""
    kept = house.sim.keep_picture(PNG)
    message = await house.phone.text("look", to=OURS, pictures=[kept.sid])
    other = await house.phone.text("again", to=OURS)
    base = f"{API}/Messages/{message.sid}/Media"
    (entry,) = (await house.api.get(f"{base}.json")).json()["media_list"]
    assert (entry["sid"], entry["parent_sid"], entry["content_type"]) == (kept.sid, message.sid, "image/png")
    assert (await house.api.get(entry["uri"])).json() == entry
    assert (await house.api.get(f"{API}/Messages/{other.sid}/Media/{kept.sid}")).status_code == 404
    assert (await house.api.get(f"{API}/Messages/MMnothing/Media.json")).status_code == 404
    assert (await house.api.delete(entry["uri"])).status_code == 204
    assert (await house.api.get(f"{base}/{kept.sid}")).status_code == 404
    assert (await house.api.get(f"{base}.json")).json()["media_list"] == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg onload='alert(1)'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_what_a_picture_is_tells_how_it_begins(data: bytes, kind: str) -> None:
    """Whatever name it had: a page or a drawing with scripts is none."""
    assert kind_of(data) == kind


async def test_what_cannot_be_sent_is_refused_and_the_oldest_go(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No picture, or one that is too large; of many the newest are kept."""
    for data in (b"words", PNG + bytes(LARGEST)):
        with pytest.raises(ValueError, match="a picture"):
            house.sim.keep_picture(data)
    monkeypatch.setattr(pictures, "KEPT", 2)
    first, *others = [house.sim.keep_picture(PNG) for _ in range(3)]
    message = await house.phone.text("", to=OURS, pictures=[kept.sid for kept in (first, *others)])
    found = [house.sim.picture(address) for address in message.media]
    assert found == [None, *others]


async def test_whether_the_webhook_took_a_text_is_told(house: House) -> None:
    """For the marks beside it: taken, or not."""
    await house.phone.text("one", to=OURS)
    house.customer.answers["/sms"] = 500
    await house.phone.text("two", to=OURS)
    seen = [event.kind for event in house.sim.events if event.kind in {"taken", "not_taken"}]
    assert seen == ["taken", "not_taken"]


async def test_a_text_that_is_refused_at_once_is_told(house: House) -> None:
    """With its code and its words, for who it was."""
    house.sim.trouble.refuse_next_message(21614)
    answer: httpx.Response = await house.send(Body="never came")
    assert answer.status_code == 400
    (refused,) = [event for event in house.sim.events if event.kind == "refused"]
    assert (refused.number, refused.data) == (house.phone.number, {"code": 21614, "text": "never came"})
