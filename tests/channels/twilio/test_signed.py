"""What the signature of a webhook covers, seen from outside."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from channels.twilio.signature import compute
from tests.channels.twilio.carrier import (
    PUBLIC_URL,
    TOKEN,
    Carrier,
    call_form,
    text_form,
)
from tests.fakes.handle import RecordingHandle

FORM = "application/x-www-form-urlencoded"


@pytest.mark.anyio
async def test_account_sid_is_not_compared(carrier: Carrier) -> None:
    """A form that names another account is let in if the number's token signed it."""
    assert (await carrier.post("/twilio/sms", text_form(AccountSid="AC9"))).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("signature", [None, b"", b"\xe9\xff", b"nonsense", b"=" * 5000])
async def test_a_broken_signature_is_refused(
    carrier: Carrier, handle: RecordingHandle, signature: bytes | None
) -> None:
    """A missing, empty, non-ASCII or endless signature header is 403."""
    headers = [(b"Content-Type", FORM.encode())]
    if signature is not None:
        headers.append((b"X-Twilio-Signature", signature))
    answer = await carrier.raw("/twilio/sms", urlencode(text_form()).encode(), headers)
    assert answer.status_code == 403
    assert handle.untouched


@pytest.mark.anyio
async def test_host_counts_for_nothing(carrier: Carrier, handle: RecordingHandle) -> None:
    """Any Host or forwarded header is accepted with a signature over the public address, and a
    signature over the address that such a header names is not.
    """
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert (await carrier.post("/twilio/sms", text_form(), headers=forged)).status_code == 200
    handle.taken.clear()
    answer = await carrier.post(
        "/twilio/sms", text_form(), headers=forged, public_url="http://evil.example/tandem"
    )
    assert answer.status_code == 403
    assert handle.untouched


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query", ["?document=3&call=CA1", "?a=%27&b='", "?x=%zz&y", "?", "?a=1&a=2&", "?q=a+b%2B"]
)
async def test_the_query_is_signed_as_received(carrier: Carrier, query: str) -> None:
    """Whatever the query, byte for byte, the signature covers it; with another query it fails."""
    form = call_form()
    target = "/twilio/voice/turn" + query
    signed = target if query != "?" else target[:-1]  # the client leaves an empty query out
    sent = {"Content-Type": FORM, "X-Twilio-Signature": compute(PUBLIC_URL + signed, form, TOKEN)}
    body = urlencode(form).encode()
    assert (await carrier.raw(target, body, sent)).status_code == 200
    assert (await carrier.raw(target + "&extra=1", body, sent)).status_code == 403


@pytest.mark.anyio
async def test_every_field_is_signed(carrier: Carrier) -> None:
    """Repeated, unknown, empty and padded fields belong to the signature, and none may be added."""
    form = [*text_form(Body="  two  spaces "), ("New", "x"), ("New", "y"), ("New", "x"), ("Empty", "")]
    assert (await carrier.post("/twilio/sms", form)).status_code == 200
    headers = {
        "Content-Type": FORM,
        "X-Twilio-Signature": compute(PUBLIC_URL + "/twilio/sms", form, TOKEN),
    }
    added = urlencode([*form, ("Added", "")]).encode()
    assert (await carrier.raw("/twilio/sms", added, headers)).status_code == 403
