"""Signatures of turn requests."""

from __future__ import annotations

import pytest

from orchestrator.assistants.signing import key_of, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""With the next values, the worked example of the scheme's specification."""
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
AT = 1614265330


def test_known_signature() -> None:
    """The specification's example is signed as it says."""
    headers = sign(key_of(SECRET), MESSAGE, AT, BODY)
    assert headers == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(AT),
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_round_trip() -> None:
    """What was signed is verified, also among signatures of other keys."""
    headers = sign(key_of(SECRET), MESSAGE, AT, BODY)
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"]
    assert verify(key_of(SECRET), headers, BODY, AT + 299)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "other"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-timestamp": "x"},
    ],
)
def test_forged(change: dict[str, str]) -> None:
    """A changed id, time or signature is refused."""
    assert not verify(key_of(SECRET), sign(key_of(SECRET), MESSAGE, AT, BODY) | change, BODY, AT)


def test_old_or_changed() -> None:
    """An old request and a changed body are refused."""
    headers = sign(key_of(SECRET), MESSAGE, AT, BODY)
    assert not verify(key_of(SECRET), headers, BODY, AT + 301)
    assert not verify(key_of(SECRET), headers, BODY + b" ", AT)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_***", "whsec_é", ""])
def test_no_secret(secret: str) -> None:
    """What is no secret is refused without showing it."""
    with pytest.raises(ValueError, match="not a signing secret") as caught:
        key_of(secret)
    assert "***" not in str(caught.value)
