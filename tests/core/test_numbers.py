"""Phone numbers: read in one form, and masked where people look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.numbers import E164, masked

DIGITS = st.text("0123456789", min_size=6, max_size=14)


@given(st.sampled_from("123456789"), DIGITS, st.sampled_from(["", " ", "\t"]))
def test_international_numbers_are_read(first: str, rest: str, blank: str) -> None:
    """`+` and 7 to 15 digits, spaces between them allowed, are a number without the spaces."""
    written = f"+{first}{blank}{blank.join(rest)} "
    assert E164.parse(written) == f"+{first}{rest}"
    assert isinstance(E164.parse(written), E164)
    assert E164.maybe(f"+{first}{rest}") == f"+{first}{rest}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "15550101234",
        "+0155501012",
        "+155501",
        "+1555010123456789",
        "(555) 010-1234",
        "+1-555-010-1234",
    ],
)
def test_other_writings_are_refused(text: str) -> None:
    """Everything else is an error that says how to write it, and no number."""
    with pytest.raises(ValueError, match=r"international form, such as \+1 958 555 0123"):
        E164.parse(text)
    assert E164.maybe(text) is None


@pytest.mark.parametrize(
    "caller", [None, "anonymous", "sip:a@b.example", "client:joe", "+266696687", "Restricted"]
)
def test_withheld_callers_have_no_number(caller: str | None) -> None:
    """A caller who is no number is None; digits in international form are one, whoever they are."""
    expected = caller if caller and caller.startswith("+") else None
    assert E164.maybe(caller) == expected


@given(st.sampled_from("123456789"), DIGITS)
def test_masks_hide_the_middle(first: str, rest: str) -> None:
    """A mask keeps the ends and never shows the whole number."""
    number = f"+{first}{rest}"
    mask = masked(number)
    assert "•••" in mask
    head, tail = mask.split("•••")
    assert number.startswith(head)
    assert number.endswith(tail)
    assert len(head) + len(tail) < len(number)


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("+15550101234", "+1555•••1234"),
        ("+4912345", "+4•••45"),
        (None, "withheld"),
        ("", "withheld"),
        ("sip:joe@example.com", "•••"),
    ],
)
def test_masks_by_example(number: str | None, mask: str) -> None:
    """Long numbers keep five and four characters, short ones two and two, anything else is hidden whole."""
    assert masked(number) == mask
