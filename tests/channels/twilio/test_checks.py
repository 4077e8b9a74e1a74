"""What every webhook is checked for, in which order, seen from outside."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.twilio.carrier import (
    CUSTOMER,
    OLD_TOKEN,
    OTHER_TOKEN,
    SALES,
    TOKEN,
    Carrier,
    Fields,
    call_form,
    integration,
    status_form,
    text_form,
)
from tests.fakes.handle import RecordingHandle

FORM = "application/x-www-form-urlencoded"
VOICE_PATHS = [
    "/twilio/voice",
    "/twilio/voice/turn",
    "/twilio/voice/partial",
    "/twilio/voice/resume",
    "/twilio/voice/transfer",
    "/twilio/voice/status",
    "/twilio/voice/fallback",
]
TEXT_PATHS = ["/twilio/sms", "/twilio/sms/fallback"]
STATUS = "/twilio/sms/status"
FIELDS = [
    "CallSid",
    "MessageSid",
    "From",
    "To",
    "Body",
    "NumMedia",
    "MediaUrl0",
    "Digits",
    "SpeechResult",
    "Confidence",
    "CallStatus",
    "CallDuration",
    "MessageStatus",
    "ErrorCode",
    "ErrorUrl",
    "Direction",
    "DialCallStatus",
    "OptOutType",
]
EVERY_PATH = [*VOICE_PATHS, *TEXT_PATHS, STATUS]


def form_of(path: str) -> Fields:
    """A good form for a path."""
    if path == STATUS:
        return status_form()
    return text_form() if path in TEXT_PATHS else call_form()


def without(form: Fields, *names: str) -> Fields:
    """The form without some fields."""
    return [(name, value) for name, value in form if name not in names]


@pytest.mark.anyio
@pytest.mark.parametrize("path", EVERY_PATH)
async def test_a_signed_form_is_let_in(carrier: Carrier, path: str) -> None:
    """A good form with a good signature is answered 200, a status 204."""
    answer = await carrier.post(path, form_of(path))
    assert answer.status_code == (204 if path.endswith(("/status", "/partial")) else 200)


@pytest.mark.anyio
@pytest.mark.parametrize("path", EVERY_PATH)
async def test_the_checks_come_in_their_order(carrier: Carrier, handle: RecordingHandle, path: str) -> None:
    """Each request fails at the first check that it breaks, though it breaks all later ones too."""
    ours = "From" if path == STATUS else "To"
    nobody = [*without(form_of(path), ours), (ours, "+19585550000")]
    nameless = without(form_of(path), ours)
    no_sid = without(form_of(path), "CallSid", "MessageSid")
    large = b"x=" + b"y" * 65_535

    assert (await carrier.raw(path, large, {"Content-Type": "text/plain"})).status_code == 413
    assert (await carrier.raw(path, b"{}", {"Content-Type": "application/json"})).status_code == 415
    assert (await carrier.raw(path, b"", {})).status_code == 415
    assert (await carrier.raw(path, urlencode(nameless).encode(), {"Content-Type": FORM})).status_code == 400
    assert (await carrier.raw(path, urlencode(nobody).encode(), {"Content-Type": FORM})).status_code == 404
    assert (await carrier.raw(path, urlencode(no_sid).encode(), {"Content-Type": FORM})).status_code == 403
    assert (await carrier.post(path, no_sid)).status_code == 400
    assert handle.untouched


@pytest.mark.anyio
async def test_the_limit_is_64_kib(carrier: Carrier) -> None:
    """A form of 65,536 bytes is read, one more byte is refused, whatever length is announced."""
    form = call_form()
    room = 65_536 - len(urlencode([*form, ("X", "")]))
    assert (await carrier.post("/twilio/voice", [*form, ("X", "a" * room)])).status_code == 200
    assert (await carrier.post("/twilio/voice", [*form, ("X", "a" * (room + 1))])).status_code == 413


@pytest.mark.anyio
async def test_half_a_form_is_no_form(carrier: Carrier, handle: RecordingHandle) -> None:
    """A request whose sender goes away in the middle of the body is refused, without an exception."""
    parts: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b"To=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return parts.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/twilio/sms", "query_string": b"", "headers": []}
    await carrier._app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert handle.untouched


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/twilio/voice", "CallSid"),
        ("/twilio/voice", "From"),
        ("/twilio/voice/turn", "CallSid"),
        ("/twilio/voice/status", "CallSid"),
        ("/twilio/sms", "MessageSid"),
        ("/twilio/sms", "From"),
        ("/twilio/sms", "Body"),
        (STATUS, "MessageSid"),
        (STATUS, "MessageStatus"),
    ],
)
async def test_a_required_field_is_missed_after_the_signature(
    carrier: Carrier, handle: RecordingHandle, path: str, field: str
) -> None:
    """A signed form without a required field is 400, an unsigned one 403: nothing leaks before."""
    form = without(form_of(path), field)
    assert (await carrier.post(path, form)).status_code == 400
    assert (await carrier.post(path, form, token="wrong")).status_code == 403
    assert handle.untouched


@pytest.mark.anyio
@pytest.mark.parametrize("path", EVERY_PATH)
async def test_only_the_number_s_own_account_signs(
    carrier: Carrier, handle: RecordingHandle, path: str
) -> None:
    """The token of another integration, or an unknown one, is refused; the one being rotated out is not."""
    for token in (OTHER_TOKEN, "guess", TOKEN.upper()):
        assert (await carrier.post(path, form_of(path), token=token)).status_code == 403
    assert handle.untouched
    assert (await carrier.post(path, form_of(path), token=OLD_TOKEN)).status_code < 300


@pytest.mark.anyio
async def test_a_call_that_we_made_is_found_by_its_from(carrier: Carrier, handle: RecordingHandle) -> None:
    """In an outbound call our number is `From`, and the customer is `To`."""
    form = call_form(Direction="outbound-api", From=SALES, To=CUSTOMER)
    assert (await carrier.post("/twilio/voice", form, token=OTHER_TOKEN)).status_code == 200
    told = handle.voiced[0]
    assert (told.assistant, told.customer, told.event.direction) == ("sales", CUSTOMER, "outbound")


@pytest.mark.anyio
async def test_a_number_serves_the_kind_that_it_belongs_to() -> None:
    """A number of a phone integration takes no texts."""
    carrier = Carrier(RecordingHandle(), integration("phone"))
    assert (await carrier.post("/twilio/sms", text_form())).status_code == 404
    assert (await carrier.post("/twilio/voice", call_form())).status_code == 200


@pytest.mark.anyio
async def test_only_post_is_served(carrier: Carrier) -> None:
    """A webhook address asked for with GET is 405."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(carrier._app), base_url="http://inside"
    ) as client:
        for path in EVERY_PATH:
            assert (await client.get(path)).status_code == 405


@pytest.mark.anyio
@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&&",
        b"=",
        b"To",
        b"To=%",
        b"To=%zz&From=%ff",
        b"\xff\xfe\x00",
        b"To=+1958\xc3(",
        b"%00=%00&To=%00",
    ],
)
async def test_a_broken_body_is_an_answer(
    carrier: Carrier, handle: RecordingHandle, path: str, body: bytes
) -> None:
    """Malformed escapes, bytes that are no UTF-8 and empty forms are 4xx, and reach nobody."""
    answer = await carrier.raw(path, body, {"Content-Type": FORM, "X-Twilio-Signature": "x"})
    assert 400 <= answer.status_code < 500
    assert handle.untouched


@pytest.mark.anyio
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(EVERY_PATH),
    fields=st.dictionaries(
        st.sampled_from(FIELDS),
        st.text(max_size=12)
        | st.sampled_from(["+19585550123", "outbound-api", "9" * 40, "nan", "https://[::"]),
    ),
    query=st.dictionaries(
        st.sampled_from(["call", "document", "turn", "round", "beside", "assistant", "customer", "entry"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ),
)
async def test_no_signed_input_is_a_500(path: str, fields: dict[str, str], query: dict[str, str]) -> None:
    """Whatever the carrier signs, the answer is a 2xx or a 4xx and nothing raises."""
    clean = [(name, value.encode("utf-8", "replace").decode()) for name, value in fields.items()]
    form = [*without(form_of(path), *fields), *clean]
    target = f"{path}?{urlencode(query)}" if query else path
    answer = await Carrier(RecordingHandle()).post(target, form)
    assert answer.status_code in {200, 204, 400, 404}


@pytest.mark.anyio
async def test_no_answer_tells_whether_a_customer_exists(carrier: Carrier) -> None:
    """Refusals are the same for every customer and name no number, text or token."""
    for path, form in (("/twilio/sms", text_form()), ("/twilio/voice", call_form())):
        answers = {
            (await carrier.post(path, [*without(form, "From"), ("From", number)], token="bad")).text
            for number in (CUSTOMER, "+15550109999")
        }
        assert len(answers) == 1
        answer = answers.pop()
        assert not any(secret in answer for secret in (CUSTOMER, TOKEN, "Hello"))
