"""The carrier's list of texts that came in: what is read from it, page by page, and what is passed over."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import httpx
import pytest

from channels.twilio.inbound import MAX_PAGES, TwilioInbound
from orchestrator.core.errors import CarrierError
from tests.channels.twilio.api import Api
from tests.channels.twilio.carrier import CUSTOMER, SUPPORT, integration

pytestmark = pytest.mark.anyio

NOW = 1_750_000_000.0
SINCE = NOW - 600


def entry(
    sid: str | None = "SM1", ago: float = 60.0, sender: str = CUSTOMER, **fields: Any
) -> dict[str, Any]:
    """A text in the list."""
    text = {"sid": sid, "from": sender, "to": SUPPORT, "body": "Hi", "direction": "inbound"}
    return {**text, "num_media": "0", "date_created": formatdate(NOW - ago), **fields}


def page(*entries: dict[str, Any], following: str | None = None) -> httpx.Response:
    """A page of it."""
    return httpx.Response(200, json={"messages": list(entries), "next_page_uri": following})


async def received(*answers: httpx.Response | Exception) -> tuple[list[tuple[str, str]], Api]:
    """Id and body of what is read, and the carrier."""
    api = Api(*answers)
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        inbound = TwilioInbound(http, integration("messaging", base_url="http://carrier.test/"), SUPPORT)
        found = await inbound.received(SINCE, NOW)
    assert all(text.event.late and text.event.id == text.event.message_sid for text in found)
    return [(text.event.id, text.event.body) for text in found], api


async def test_oldest_first_over_pages_each_once() -> None:
    """Pages are followed; the order is that of arrival, and one that slid onto the next page counts once."""
    following = "/2010-04-01/Accounts/AC/Messages.json?Page=1"
    found, api = await received(
        page(entry("SM3", 10), entry("SM2", 20), following=following),
        page(entry("SM2", 20), entry("SM1b", 30), entry("SM1a", 30)),
    )
    assert [sid for sid, _ in found] == ["SM1a", "SM1b", "SM2", "SM3"]
    first, second = api.requests
    assert dict(first.url.params) == {
        "To": SUPPORT,
        "DateSent>": "2025-06-15T14:56:40Z",
        "PageSize": "200",
    }
    assert second.url.path + "?" + second.url.query.decode() == following


@pytest.mark.parametrize(
    "other",
    [
        entry(direction="outbound-api", to=CUSTOMER, sender=SUPPORT),
        entry(to="+15550009999"),
        entry(sender="12345"),
        entry(sender="Bank"),
        entry(body=""),
        entry(status="receiving"),
        entry(ago=601),
        entry(date_created=None),
        entry(date_created="yesterday"),
        entry(sid=None),
    ],
)
async def test_what_is_no_text_for_us_is_passed_over(other: dict[str, Any]) -> None:
    """Ours, those to other numbers, machines, empty or half-received ones, and what is too old or undated."""
    found, _ = await received(page(other, entry("SM9")))
    assert found == [("SM9", "Hi")]


async def test_a_list_without_a_filter_is_left_where_it_is_old() -> None:
    """A carrier that does not filter by date is not read to the beginning of its time."""
    found, api = await received(
        page(entry("SM2"), following="/more"), page(entry("SM1", 700), following="/and/more")
    )
    assert ([sid for sid, _ in found], len(api.requests)) == (["SM2"], 2)


async def test_a_list_without_an_end_is_left_in_time() -> None:
    """Of more pages than can be true the first are taken, which hold the newest."""
    answers = [page(entry(f"SM{n}", n / 100), following=f"/p{n}") for n in range(MAX_PAGES + 1)]
    found, api = await received(*answers)
    assert (len(found), len(api.requests)) == (MAX_PAGES, MAX_PAGES)


async def test_another_host_gets_no_credentials() -> None:
    """A list that goes on elsewhere is not followed."""
    with pytest.raises(CarrierError):
        await received(page(entry(), following="https://evil.example/page2"))


async def test_media_are_named_as_the_webhook_names_them() -> None:
    """Address, without its .json, and type of each; the text stays what it was."""
    path = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    media = {"media_list": [{"sid": "ME1", "content_type": "image/png", "uri": f"{path}.json"}]}
    api = Api(page(entry("MM1", body="", num_media="1")), httpx.Response(200, json=media))
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        inbound = TwilioInbound(http, integration("messaging", base_url="http://carrier.test"), SUPPORT)
        (listed,) = await inbound.received(SINCE, NOW)
        assert listed.has_media
        event = await inbound.with_media(listed)
    assert [(item.url, item.content_type) for item in event.media] == [
        (f"http://carrier.test{path}", "image/png")
    ]
    assert (event.id, event.late) == ("MM1", True)
    assert api.requests[1].url.path.endswith("/Messages/MM1/Media.json")


async def test_who_was_answered_and_when() -> None:
    """The last text of ours to each."""
    api = Api(
        page(
            entry("SM2", 10, to=CUSTOMER, direction="outbound-api", sender=SUPPORT),
            entry("SM1", 50, to=CUSTOMER, direction="outbound-api", sender=SUPPORT),
        )
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        inbound = TwilioInbound(http, integration("messaging", base_url="http://carrier.test"), SUPPORT)
        assert await inbound.answered(SINCE) == {CUSTOMER: NOW - 10}
    assert api.requests[0].url.params["From"] == SUPPORT
