"""Messaging webhooks as the house hears them."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import InboundMedia, TextReceived
from tests.channels.twilio.carrier import (
    CUSTOMER,
    NOW,
    OTHER_TOKEN,
    SALES,
    SUPPORT,
    Carrier,
    integration,
    status_form,
    text_form,
)
from tests.fakes.handle import RecordingHandle

STATUS = "/twilio/sms/status?assistant=support&customer=ab12~CA1&entry=t7"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/twilio/sms", "/twilio/sms/fallback"])
async def test_a_text_is_taken(carrier: Carrier, handle: RecordingHandle, path: str) -> None:
    """A text is taken as it was written, and the answer is an empty response."""
    body = "  12 Main St,\r\nApt 4 & more + 😀 "
    answer = await carrier.post(path, text_form(Body=body))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.endswith("<Response />")
    (told,) = handle.taken
    assert (told.assistant, told.customer) == ("support", CUSTOMER)
    assert told.event == TextReceived(id="SM1", at=NOW, message_sid="SM1", number=SUPPORT, body=body)


@pytest.mark.anyio
async def test_the_first_of_a_repeated_field_counts(carrier: Carrier, handle: RecordingHandle) -> None:
    """A field that comes twice is read once: what stands first."""
    assert (await carrier.post("/twilio/sms", [*text_form(), ("Body", "Other")])).status_code == 200
    assert handle.taken[0].event.body == "Hello"


@pytest.mark.anyio
async def test_the_fallback_brings_the_same_text(carrier: Carrier, handle: RecordingHandle) -> None:
    """A text that comes again by the fallback, with its error, has the id of the first; the code is logged."""
    await carrier.post("/twilio/sms", text_form())
    with capture_logs() as logs:
        await carrier.post("/twilio/sms/fallback", text_form(ErrorCode="11200", ErrorUrl="https://x/"))
    first, second = handle.taken
    assert first == second
    assert (logs[0]["event"], logs[0]["error_code"]) == ("sms fallback", 11200)
    assert "Hello" not in str(logs)
    assert CUSTOMER not in str(logs)


@pytest.mark.anyio
async def test_media_come_with_a_text(carrier: Carrier, handle: RecordingHandle) -> None:
    """As many media as announced are kept, with their kind; a message with media needs no body."""
    form = text_form(
        Body=None,
        NumMedia="3",
        MediaUrl0="https://api.example/ME0",
        MediaContentType0="image/jpeg",
        MediaUrl1="javascript:x",
        MediaUrl2="https://api.example/ME2",
        MediaUrl3="https://api.example/ME3",
    )
    assert (await carrier.post("/twilio/sms", form)).status_code == 200
    event = handle.taken[0].event
    assert event.body == ""
    assert event.media == (
        InboundMedia(url="https://api.example/ME0", content_type="image/jpeg"),
        InboundMedia(url="https://api.example/ME2", content_type=""),
    )


@pytest.mark.anyio
async def test_a_place_comes_with_its_degrees(carrier: Carrier, handle: RecordingHandle) -> None:
    """Latitude, Longitude, Address and Label are kept, also where there is no body at all."""
    place = {"Latitude": "52.507", "Longitude": "13.337", "Address": "Hardenbergplatz 8", "Label": "Zoo"}
    assert (await carrier.post("/twilio/sms", text_form(Body="", **place))).status_code == 200
    assert (await carrier.post("/twilio/sms", text_form(Body=None, Latitude="north"))).status_code == 200
    facts = [told.event.facts for told in handle.taken]
    assert facts == [
        {
            "location": {
                "latitude": 52.507,
                "longitude": 13.337,
                "address": "Hardenbergplatz 8",
                "label": "Zoo",
            }
        },
        {"location": {"latitude": "north"}},
    ]


@pytest.mark.anyio
async def test_a_button_is_as_good_as_its_words(carrier: Carrier, handle: RecordingHandle) -> None:
    """ButtonText stands for a body that is not there, and both stand among the facts."""
    button = {"ButtonText": "Yes, please", "ButtonPayload": "confirm-7"}
    await carrier.post("/twilio/sms", text_form(Body="", **button))
    event = handle.taken[0].event
    assert event.body == "Yes, please"
    assert event.facts == {"button": {"text": "Yes, please", "payload": "confirm-7"}}


@pytest.mark.parametrize("count", ["999999999", "-1", "x", "", "1e9"])
async def test_a_broken_number_of_media_is_harmless(
    carrier: Carrier, handle: RecordingHandle, count: str
) -> None:
    """A count that cannot be is read as none, or as the ten that a message can carry."""
    await carrier.post("/twilio/sms", text_form(NumMedia=count))
    assert handle.taken[0].event.media == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("given", "read"), [("STOP", "STOP"), ("start", "START"), ("HELP", "HELP"), ("MAYBE", ""), ("", "")]
)
async def test_the_opt_out_type_is_read(
    carrier: Carrier, handle: RecordingHandle, given: str, read: str
) -> None:
    """`OptOutType` is one of three words; anything else is none."""
    await carrier.post("/twilio/sms", text_form(OptOutType=given))
    assert handle.taken[0].event.opt_out_type == read


@pytest.mark.anyio
@pytest.mark.parametrize("sender", ["72225", "ACME", "whatsapp:+15550101234"])
async def test_a_sender_without_a_number_is_not_kept(
    carrier: Carrier, handle: RecordingHandle, sender: str
) -> None:
    """A short code or a name is acknowledged and starts nothing."""
    assert (await carrier.post("/twilio/sms", text_form(From=sender))).status_code == 200
    assert handle.untouched


@pytest.mark.anyio
@pytest.mark.parametrize("error", [StoreUnavailable("down"), RuntimeError("Hello")])
@pytest.mark.parametrize(("path", "form"), [("/twilio/sms", text_form()), (STATUS, status_form())])
async def test_what_was_not_stored_is_503(
    carrier: Carrier, handle: RecordingHandle, error: Exception, path: str, form: list[tuple[str, str]]
) -> None:
    """Nothing is acknowledged that was not stored; the carrier may try again."""
    handle.error = error
    with capture_logs() as logs:
        answer = await carrier.post(path, form)
    assert answer.status_code == 503
    assert "Hello" not in str(logs) + answer.text


@pytest.mark.anyio
async def test_a_message_status_names_its_entry(carrier: Carrier, handle: RecordingHandle) -> None:
    """The address says whose message it is, the form what became of it."""
    await carrier.post(STATUS, status_form(MessageStatus="undelivered", ErrorCode="30005"))
    await carrier.post(STATUS, status_form(MessageStatus="sent"))
    assert handle.delivered == [
        {
            "customer_key": "ab12~CA1",
            "entry": "t7",
            "message_sid": "SM9",
            "status": status,
            "code": code,
        }
        for status, code in (("undelivered", 30005), ("sent", 0))
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query", ["", "?assistant=support", "?assistant=support&customer=&entry=t1", "?customer=a&entry=t1"]
)
async def test_a_status_without_an_entry_is_ignored(
    carrier: Carrier, handle: RecordingHandle, query: str
) -> None:
    """A status of a message that is not from the outbox is acknowledged and told to nobody."""
    assert (await carrier.post("/twilio/sms/status" + query, status_form())).status_code == 204
    assert handle.untouched


@pytest.mark.anyio
async def test_an_account_tells_of_its_own_messages_only(carrier: Carrier, handle: RecordingHandle) -> None:
    """A status signed by one account that names an entry of another's assistant changes nothing."""
    answer = await carrier.post(STATUS, status_form(From=SALES), token=OTHER_TOKEN)
    assert answer.status_code == 204
    assert handle.untouched


@pytest.mark.anyio
async def test_a_sender_of_a_messaging_service_need_not_be_listed(
    carrier: Carrier, handle: RecordingHandle
) -> None:
    """The integration of an unlisted sender is the one that the address names, with its own token."""
    form = status_form(From="+19585557777")
    assert (await carrier.post(STATUS, form, token=OTHER_TOKEN)).status_code == 403
    assert (await carrier.post(STATUS, form)).status_code == 204
    assert len(handle.delivered) == 1
    nobody = STATUS.replace("support", "nobody")
    assert (await carrier.post(nobody, form)).status_code == 404


@pytest.mark.anyio
async def test_a_service_of_the_second_account_signs_with_its_own_token(handle: RecordingHandle) -> None:
    """An unlisted sender is of one of the assistant's accounts: either token proves it, no other one does; texts
    to a listed number of the second account are proved by that account's token alone.
    """
    second = integration("messaging", numbers=(SALES,), auth_tokens=(OTHER_TOKEN,), standby=True)
    carrier = Carrier(handle, integration("messaging"), second)
    form = status_form(From="+19585557777")
    assert (await carrier.post(STATUS, form, token="a-third-token")).status_code == 403
    assert (await carrier.post(STATUS, form, token=OTHER_TOKEN)).status_code == 204
    assert (await carrier.post(STATUS, form)).status_code == 204
    assert len(handle.delivered) == 2
    assert (await carrier.post("/twilio/sms", text_form(To=SALES))).status_code == 403
    assert (await carrier.post("/twilio/sms", text_form(To=SALES), token=OTHER_TOKEN)).status_code == 200
