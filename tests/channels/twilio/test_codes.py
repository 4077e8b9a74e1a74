"""The table of error codes."""

from __future__ import annotations

import pytest

from channels.twilio.codes import classify, reason


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
        (20003, "config", "not_authenticated"),
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
