"""What answers can be asked to be."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.assistants.scripted.slots import CHECKS, check, yes_or_no

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("like", "said", "kept"),
    [
        ("any", "  12 Elm Road ", "12 Elm Road"),
        ("any", "  ", None),
        ("digits", "12-34 5", "12345"),
        ("digits", "it is one two double three oh", "12330"),
        ("digits", "no idea", None),
        ("number", "12", "12"),
        ("number", "about 1,200 euros", "1200"),
        ("number", "-3.5", "-3.5"),
        ("number", "twenty five", "25"),
        ("number", "two hundred and five", "205"),
        ("number", "three thousand forty", "3040"),
        ("number", "3 or 4", None),
        ("number", "many", None),
        ("date", "2026-12-24", "2026-12-24"),
        ("date", "24.12.2026", "2026-12-24"),
        ("date", "12/24/2026", "2026-12-24"),
        ("date", "24/12/2026", "2026-12-24"),
        ("date", "on the 24th of December", "2026-12-24"),
        ("date", "December 24, 2027", "2027-12-24"),
        ("date", "tomorrow", "2026-11-25"),
        ("date", "30.2.2026", None),
        ("date", "soon", None),
        ("email", "It is Ana.B@Example.com.", "ana.b@example.com"),
        ("email", "ana dot b at example dot com", "ana.b@example.com"),
        ("email", "ana at home", None),
        ("phone", "+1 (555) 010-1234", "+15550101234"),
        ("phone", "555", None),
        ("yes_no", "Yes, that's right", "yes"),
        ("yes_no", "that is not right", "no"),
        ("yes_no", "maybe", None),
    ],
)
def test_kinds(like: str, said: str, kept: str | None) -> None:
    """Each kind of answer is kept in one form, spoken or typed."""
    assert check(said, like, "", TODAY) == kept


def test_pattern() -> None:
    """The pattern must match the whole kept value."""
    assert check("my number is 1 2 3 4 5", "digits", "[0-9]{5}", TODAY) == "12345"
    assert check("123456", "digits", "[0-9]{5}", TODAY) is None


def test_long_answers_agree_to_nothing() -> None:
    """A yes within a story is no answer."""
    assert yes_or_no("well yes I called last week about the other thing") is None


@given(st.sampled_from(sorted(CHECKS)), st.text())
def test_never_raises(like: str, said: str) -> None:
    """Whatever is said, it is kept or not."""
    assert check(said, like, "", TODAY) is None or said
