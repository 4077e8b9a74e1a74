"""What a session is found by, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.sought import SAYS_TROUBLE, WORDS_BOUND, folded, head_of, is_found, words_in

SUMMARY: dict[str, Any] = {
    "id": "01JAXT21Q0YEC28RS6R2SCQ020",
    "assistant": "Support",
    "customer": {"phone_number": "+15550101234"},
    "state": "awaiting_text",
    "last_text_error": None,
}


def said(text: str, kind: str = "speech_heard", **data: Any) -> dict[str, Any]:
    """A line with words."""
    return {"type": kind, "data": {"text": text, **data}}


@pytest.mark.parametrize(
    "q", ["jaxt21", "SUPPORT", "0101234", "awaiting text", "awaiting_t", "main  STREET", "straße"]
)
def test_found_by_everything_that_a_list_shows(q: str) -> None:
    """Whatever the capitals and blanks."""
    assert is_found(q, SUMMARY, [said("12 Main Street"), said("an der STRASSE")])


def test_not_found_by_what_is_not_there() -> None:
    """Nor by the marks between what is kept, or by words older than the bound."""
    lines = [said("first"), said("x" * WORDS_BOUND)]
    assert not any(is_found(q, SUMMARY, lines) for q in ("sales", "first", "-\tsupport"))


def test_the_head_says_whether_something_is_wrong() -> None:
    """In front, where no search looks."""
    assert head_of(SUMMARY)[:SAYS_TROUBLE] == "-\t"
    assert head_of({**SUMMARY, "last_text_error": {"code": 30003}})[:SAYS_TROUBLE] == "!\t"
    assert "withheld" in head_of({**SUMMARY, "customer": {"phone_number": None}})


def test_quiet_lines_have_no_words() -> None:
    """Those that stand for nothing in a list; any other is told as people read it."""
    assert words_in({"type": "turn_asked", "data": {"event": "no_input"}}) == ""
    assert words_in({"data": {}}) == ""
    assert words_in({"type": "call_ended", "data": {"reason": "hung_up_by_us"}}) == "call ends hung up by us"
    assert words_in(said("30003", "text_failed", code=30003, reason="unreachable")).startswith(
        "text not delivered"
    )


def test_folding() -> None:
    """Blanks of any kind are one, capitals are none."""
    assert folded("  Ä\n b\t C ") == "ä b c"
