"""The REST side: what is asked of the carrier, held against the description of its API."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from channels.twilio.listing import MAX_PAGES
from orchestrator.core.errors import CarrierError
from orchestrator.ports import FoundMessage
from tests.channels.twilio.api import CALLBACK, Api, carrier, made, send
from tests.channels.twilio.carrier import CUSTOMER, PUBLIC_URL, SUPPORT, TOKEN, integration

OPERATIONS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "twilio_operations.json").read_text()
)["operations"]


def check_shape(request: httpx.Request, operation: str) -> None:
    """The request is one that the carrier's API description knows."""
    known = OPERATIONS[operation]
    path = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(known["path"]))
    assert request.method == known["method"]
    assert re.fullmatch(path, request.url.path)
    assert set(request.url.params) <= set(known["query"])
    if request.method == "POST":
        fields = parse_qsl(request.content.decode(), keep_blank_values=True)
        names = [name for name, _ in fields]
        assert request.headers["content-type"] == known["content_type"]
        assert set(known["required"]) <= set(names) <= set(known["fields"])
        assert all(names.count(name) == 1 or known["fields"][name] == "array" for name in names)


@pytest.mark.anyio
async def test_a_text_is_sent() -> None:
    """A text goes as a form with Basic credentials, the newest token, and our status address."""
    api = Api(made())
    async with carrier(api) as port:
        assert await send(port) == "SM1"
    check_shape(api.requests[0], "CreateMessage")
    fields = dict(api.form())
    status = urlsplit(fields.pop("StatusCallback"))
    assert fields == {"To": CUSTOMER, "From": SUPPORT, "Body": "Hello"}
    assert status.geturl().startswith(f"{PUBLIC_URL}/twilio/sms/status?")
    assert dict(parse_qsl(status.query)) == CALLBACK
    assert str(api.requests[0].url) == "http://carrier.test/2010-04-01/Accounts/AC0/Messages.json"
    credentials = base64.b64encode(f"AC0:{TOKEN}".encode()).decode()
    assert api.requests[0].headers["authorization"] == f"Basic {credentials}"


@pytest.mark.anyio
async def test_a_messaging_service_chooses_the_sender() -> None:
    """With a service no `From` is sent; pictures repeat the field; the validity is the integration's."""
    api = Api(made("SM2"))
    known = integration("messaging", messaging_service_sid="MG1", validity_period=600)
    async with carrier(api, known) as port:
        await port.send_message(
            to=CUSTOMER, sender=SUPPORT, body="", media=["https://x/1", "https://x/2"], callback=CALLBACK
        )
    check_shape(api.requests[0], "CreateMessage")
    form = [pair for pair in api.form() if pair[0] != "StatusCallback"]
    assert sorted(form) == [
        ("MediaUrl", "https://x/1"),
        ("MediaUrl", "https://x/2"),
        ("MessagingServiceSid", "MG1"),
        ("To", CUSTOMER),
        ("ValidityPeriod", "600"),
    ]


@pytest.mark.anyio
async def test_a_call_is_interrupted() -> None:
    """A live call is sent to the resume address of its newest document."""
    api = Api(httpx.Response(200, json={"sid": "CA1"}))
    async with carrier(api) as port:
        await port.interrupt_call("CA1", 5, beside=True)
    check_shape(api.requests[0], "UpdateCall")
    fields = dict(api.form())
    assert fields["Method"] == "POST"
    url = urlsplit(fields["Url"])
    assert url.path == "/tandem/twilio/voice/resume"
    assert dict(parse_qsl(url.query)) == {"call": "CA1", "document": "5", "beside": "1"}


@pytest.mark.anyio
async def test_a_call_is_ended() -> None:
    """Hanging up sets the call's status, and a sid of any form stays one part of the path."""
    api = Api(httpx.Response(200, json={}), httpx.Response(200, json={}))
    async with carrier(api) as port:
        await port.end_call("CA1")
        await port.end_call("CA/../1")
    check_shape(api.requests[0], "UpdateCall")
    assert parse_qsl(api.requests[0].content.decode()) == [("Status", "completed")]
    assert api.requests[1].url.raw_path == b"/2010-04-01/Accounts/AC0/Calls/CA%2F..%2F1.json"


@pytest.mark.anyio
async def test_a_call_is_placed() -> None:
    """A call names our addresses for its document, its fallback and its end."""
    api = Api(made("CA7"))
    async with carrier(api) as port:
        assert await port.place_call(to=CUSTOMER, sender=SUPPORT, reference="c4") == "CA7"
    check_shape(api.requests[0], "CreateCall")
    assert dict(api.form()) == {
        "To": CUSTOMER,
        "From": SUPPORT,
        "Url": f"{PUBLIC_URL}/twilio/voice?reference=c4",
        "Method": "POST",
        "FallbackUrl": f"{PUBLIC_URL}/twilio/voice/fallback?reference=c4",
        "FallbackMethod": "POST",
        "StatusCallback": f"{PUBLIC_URL}/twilio/voice/status?reference=c4",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "completed",
    }


FIRST = datetime(2026, 9, 21, 13, 33, 10, tzinfo=UTC).timestamp()


def page(*entries: tuple[str, str, str], following: str | None = None) -> httpx.Response:
    """A page of the carrier's list: sid, second of creation, direction."""
    messages = [
        {
            "sid": sid,
            "body": f"text {sid}",
            "date_created": f"Mon, 21 Sep 2026 {moment} +0000",
            "direction": direction,
            "status": "sent",
        }
        for sid, moment, direction in entries
    ]
    return httpx.Response(200, json={"messages": messages, "next_page_uri": following})


@pytest.mark.anyio
async def test_messages_are_found() -> None:
    """The list is followed page by page until a message older than asked for, inbound ones left out."""
    uri = "/2010-04-01/Accounts/AC0/Messages.json?To=%2B15550101234&PageSize=50&Page=1&PageToken=PA1"
    api = Api(
        page(("SM4", "13:33:20", "outbound-api"), ("SM3", "13:33:15", "inbound"), following=uri),
        page(("SM2", "13:33:10", "outbound-reply"), ("SM1", "13:33:09", "outbound-api"), following=uri),
    )
    async with carrier(api) as port:
        found = await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST + 0.9)
    assert found == [
        FoundMessage(carrier_id="SM4", body="text SM4", created_at=FIRST + 10, status="sent"),
        FoundMessage(carrier_id="SM2", body="text SM2", created_at=FIRST, status="sent"),
    ]
    for request in api.requests:
        check_shape(request, "ListMessage")
    first, second = (request.url for request in api.requests)
    assert (first.params["To"], first.params["From"]) == (CUSTOMER, SUPPORT)
    assert second.raw_path.decode() == uri


@pytest.mark.anyio
async def test_a_service_s_messages_are_found_whoever_sent_them() -> None:
    """With a messaging service the list is not narrowed to one sender."""
    api = Api(page())
    async with carrier(api, integration("messaging", messaging_service_sid="MG1")) as port:
        assert await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST) == []
    assert "From" not in api.requests[0].url.params


@pytest.mark.anyio
@pytest.mark.parametrize("uri", ["https://evil.example/x", "//evil.example/x", "x", 7])
async def test_the_list_is_not_followed_elsewhere(uri: str) -> None:
    """A next page on another host is not asked for, and half a list is no answer."""
    api = Api(page(("SM2", "13:33:20", "outbound-api"), following=uri))
    async with carrier(api) as port:
        with pytest.raises(CarrierError) as raised:
            await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST)
    assert raised.value.outcome == "not_sent"
    assert len(api.requests) == 1


@pytest.mark.anyio
async def test_a_whole_address_of_the_same_host_is_followed() -> None:
    """A Twilio-compatible carrier may name its next page in full."""
    api = Api(page(following="http://carrier.test/2010-04-01/Accounts/AC0/Messages.json?Page=1"), page())
    async with carrier(api) as port:
        assert await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST) == []
    assert str(api.requests[1].url) == "http://carrier.test/2010-04-01/Accounts/AC0/Messages.json?Page=1"


@pytest.mark.anyio
async def test_a_list_without_end_is_given_up() -> None:
    """A list that goes on and on is no answer: the search failed, and may be repeated."""
    api = Api(*[page(following="/2010-04-01/Accounts/AC0/Messages.json?Page=1") for _ in range(MAX_PAGES)])
    async with carrier(api) as port:
        with pytest.raises(CarrierError) as raised:
            await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST)
    assert raised.value.outcome == "not_sent"


@pytest.mark.anyio
async def test_broken_entries_of_the_list_are_left_out() -> None:
    """An entry whose date cannot be read is no candidate."""
    api = Api(httpx.Response(200, json={"messages": [{"sid": "SM1", "date_created": None}, {}]}))
    async with carrier(api) as port:
        assert await port.find_messages(to=CUSTOMER, sender=SUPPORT, since=FIRST) == []


def test_tokens_are_not_shown() -> None:
    """An integration shown in a log or an error holds no token."""
    assert TOKEN not in repr(integration("messaging"))
