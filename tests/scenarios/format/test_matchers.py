"""What the matchers let pass."""

from __future__ import annotations

import pytest

from orchestrator.scenarios.format.matchers import found_in, holds, word_error
from orchestrator.scenarios.play import Match

ADDRESS = "Thank you. I have 12 Main Street, apartment 4, in Springfield."
PASS = [
    (ADDRESS, ADDRESS),
    ("Hello,  this\nis Acme.", "Hello, this is Acme."),
    (Match("contains", "Main Street"), ADDRESS),
    (Match("starts with", "Thank you"), ADDRESS),
    (Match("matches", r"\d+ Main"), ADDRESS),
    (Match("matches", "(?i)main street"), ADDRESS),
    (Match("one of", values=("Hi.", "Hello.")), "Hello."),
    (Match("about", "thank you I have twelve Main Street apartment 4 in Springfield"), ADDRESS),
    (Match("absent"), None),
    (Match("present"), ""),
]
FAIL = [
    (ADDRESS, ADDRESS.lower()),
    ("Hello", "Hello."),
    ("Hello", None),
    (Match("contains", "main street"), ADDRESS),
    (Match("starts with", "you"), ADDRESS),
    (Match("matches", "^Main"), ADDRESS),
    (Match("one of", values=("Hi.", "Hello.")), "Hello. Hi."),
    (Match("about", "thank you I have twelve Elm Road apartment 4 in Springfield"), ADDRESS),
    (Match("absent"), ""),
    (Match("present"), None),
]


@pytest.mark.parametrize(("wanted", "got"), PASS)
def test_what_passes(wanted: str | Match, got: str | None) -> None:
    """Words that are as wanted pass."""
    assert holds(wanted, got)


@pytest.mark.parametrize(("wanted", "got"), FAIL)
def test_what_fails(wanted: str | Match, got: str | None) -> None:
    """Words that are otherwise fail."""
    assert not holds(wanted, got)


@pytest.mark.parametrize(
    ("wanted", "got", "error"),
    [
        ("one two three four five", "One, two, three, four, five!", 0.0),
        ("one two three four five", "one two three four", 0.2),
        ("one two three four five", "one two tree four fife", 0.4),
        ("one two three four five", "one two and three four and five", 0.4),
        ("", "", 0.0),
        ("", "word", 1.0),
        ("one", "", 1.0),
    ],
)
def test_the_error_is_counted_in_words(wanted: str, got: str, error: float) -> None:
    """A wrong, a missing and an added word count one each, by the words wanted."""
    assert word_error(wanted, got) == pytest.approx(error)


def test_never_looks_for_a_part() -> None:
    """Plain words of a `never` rule are looked for anywhere in the text."""
    assert found_in("<", "a <b> c")
    assert not found_in("<", "a b c")
    assert found_in(Match("matches", r"\bSTOP\b"), "Reply STOP to end")
