"""The table of error codes."""

from __future__ import annotations

import pytest

from channels.twilio.codes import blames_account, classify, reason, shuts_account


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (21610, "opted_out", "opted_out"),
        (30006, "landline", "landline"),
        (21614, "landline", "landline"),
        (21635, "landline", "landline"),
        (30003, "unreachable", "unreachable"),
        (30004, "permanent", "blocked"),
        (30007, "filtered", "filtered"),
        (20429, "retry", "rate_limited"),
        (20003, "account", "not_authenticated"),
        (30002, "account", "account_suspended"),
        (30034, "sender", "sender_not_registered"),
        (21606, "sender", "sender_not_allowed"),
        (12300, "media", "media_type"),
        (99999, "permanent", "carrier_error"),
        (0, "permanent", "carrier_error"),
    ],
)
def test_a_code_has_a_class_and_a_word(code: int, kind: str, word: str) -> None:
    """Known codes are classed; an unknown one is a carrier error that is not sent again by itself."""
    assert (classify(code).kind, reason(code)) == (kind, word)


@pytest.mark.parametrize(
    ("code", "status", "blamed"),
    [
        (20003, 401, True),
        (20005, 403, True),
        (30002, 0, True),
        (0, 401, True),
        (0, 403, True),
        (20403, 403, True),
        (0, 400, False),
        (0, 0, False),
        (21610, 403, False),
        (21211, 401, False),
        (21408, 403, False),
        (21999, 403, False),
        (20429, 429, False),
    ],
)
def test_an_account_is_blamed_by_its_code_or_by_being_shut_out(
    code: int, status: int, *, blamed: bool
) -> None:
    """The table decides; 401 and 403 alone mean the account, beside a code about the recipient never."""
    assert blames_account(code, status) is blamed
    assert shuts_account(code, status) is blamed


def test_an_account_on_trial_is_blamed_for_its_recipient_and_goes_on_sending() -> None:
    """Another account may send what goes to an unverified number; all others are still this one's."""
    assert blames_account(21608, 400)
    assert not shuts_account(21608, 400)
