"""Webhooks from outside: what is refused, in which order, and never a 500."""

from __future__ import annotations

import random

import pytest

from tests.blackbox.conftest import Running
from tests.blackbox.driver import ANA, NUMBER, PUBLIC, SID, query, signature

CALL = {
    "CallSid": "CA" + "9" * 32,
    "AccountSid": SID,
    "From": ANA,
    "To": NUMBER,
    "CallStatus": "ringing",
    "Direction": "inbound",
}
TEXT = {
    "MessageSid": "SM" + "9" * 32,
    "AccountSid": SID,
    "From": ANA,
    "To": NUMBER,
    "Body": "hi",
    "NumMedia": "0",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def signed(path: str, form: dict[str, str], token: str | None = None) -> dict[str, str]:
    """Headers for a form."""
    given = {} if token is None else {"token": token}
    return {**FORM, "X-Twilio-Signature": signature(PUBLIC + path, list(form.items()), **given)}


@pytest.mark.parametrize(
    "path",
    ["/twilio/voice", "/twilio/voice/turn", "/twilio/voice/resume", "/twilio/voice/status", "/twilio/sms"],
)
def test_a_wrong_signature_is_refused(world: Running, path: str) -> None:
    """Another account's token, a signature of another address, none, and one that is no ASCII: 403."""
    service = world[0]
    form = TEXT if path.endswith("sms") else CALL
    body = query(form)
    for headers in (
        signed(path, form, token="another account's token"),
        {**FORM, "X-Twilio-Signature": signature("https://evil.example" + path, list(form.items()))},
        dict(FORM),
        {**FORM, "X-Twilio-Signature": "ÄÖÜ".encode()},
    ):
        assert service.raw(path, body, **headers).status_code == 403


def test_the_host_header_does_not_matter(world: Running) -> None:
    """Signatures cover the configured address, so a forged Host changes nothing."""
    service = world[0]
    answer = service.raw("/twilio/sms", query(TEXT), **signed("/twilio/sms", TEXT), Host="evil.example")
    assert answer.status_code == 200


def test_the_checks_come_in_their_order(world: Running) -> None:
    """Size, form, our number, integration, signature, other fields."""
    service = world[0]
    assert service.raw("/twilio/sms", b"x" * 70_000, **FORM).status_code == 413
    assert service.raw("/twilio/sms", b"{}", **{"content-type": "application/json"}).status_code == 415
    assert service.raw("/twilio/sms", b"From=1", **FORM).status_code == 400
    stranger = {**TEXT, "To": "+19585559999"}
    assert service.raw("/twilio/sms", query(stranger), **signed("/twilio/sms", stranger)).status_code == 404
    assert service.raw("/twilio/sms", query(TEXT), **FORM).status_code == 403
    nameless = {key: value for key, value in TEXT.items() if key != "MessageSid"}
    assert service.raw("/twilio/sms", query(nameless), **signed("/twilio/sms", nameless)).status_code == 400


def test_unknown_calls_and_queries_are_answered(world: Running) -> None:
    """A turn of a call that we do not know, or with nonsense in its address, ends politely."""
    service = world[0]
    for path in (
        "/twilio/voice/turn?document=x&call=%00&turn=",
        "/twilio/voice/turn?foo=bar",
        "/twilio/voice/resume?document=-7",
    ):
        answer = service.raw(
            path, query({**CALL, "SpeechResult": "hi"}), **signed(path, {**CALL, "SpeechResult": "hi"})
        )
        assert answer.status_code == 200
        assert "<Hangup" in answer.text


def test_no_bytes_make_a_500(world: Running) -> None:
    """Random bodies, three hundred of them over all paths, are refused with a 4xx."""
    service = world[0]
    dice = random.Random(7)  # noqa: S311 - repeatable nonsense
    paths = [
        "/twilio/voice",
        "/twilio/voice/turn",
        "/twilio/voice/status",
        "/twilio/sms",
        "/twilio/sms/status",
        "/api/v1/messages",
    ]
    for _ in range(300):
        body = bytes(
            dice.randrange(256) for _ in range(dice.randrange(60))
        ) + b"&To=%2B19585550123" * dice.randrange(2)
        status = service.raw(dice.choice(paths), body, **FORM).status_code
        assert 400 <= status < 500, body
