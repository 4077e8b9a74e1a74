"""Numbered choices: written, spoken, and chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.choices import as_speech, as_text, choose
from orchestrator.core.items import Choice, Options

MENU = (("Billing", "bill"), ("Tech support", "tech"), ("Sales & offers", "sales"), ("Café", "cafe-value"))


def options(*labels: str, title: str = "", description: str = "") -> Options:
    """Options whose values are their labels."""
    return Options(
        title=title, description=description, choices=tuple(Choice(label=n, value=n) for n in labels)
    )


def test_written() -> None:
    """On SMS: title, description, and a numbered line for each choice, without markup."""
    assert (
        as_text(options("<b>Boat</b>", "Car", title="Cover?", description="Choose one"))
        == "Cover?\nChoose one\n1. Boat\n2. Car"
    )


def test_written_with_a_prefix() -> None:
    """The prefix holds the number where `%s` stands, and no other percent sign matters."""
    assert as_text(options("a 10% off"), prefix="Reply %s for ") == "Reply 1 for a 10% off"


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [
        (options("Boat", title="Cover?"), "Cover? Press or say 1 for Boat."),
        (options("Boat", "Car", title="Cover"), "Cover. Press or say 1 for Boat or 2 for Car."),
        (options("Boat", "Car", "Bus."), "Press or say 1 for Boat, 2 for Car, or 3 for Bus."),
    ],
)
def test_spoken(offered: Options, spoken: str) -> None:
    """On voice: one sentence that gives each choice its number."""
    assert as_speech(offered) == spoken


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1", "bill"),
        ("2.", "tech"),
        ("#3", "sales"),
        ("two", "tech"),
        ("Two, please.", "tech"),
        ("to", "tech"),
        ("option 2", "tech"),
        ("Number three", "sales"),
        ("the second one", "tech"),
        ("I'd like the second one please", "tech"),
        ("2nd", "tech"),
        ("first", "bill"),
        ("number one", "bill"),
        ("one", "bill"),
        ("the last one", "cafe-value"),
        ("last", "cafe-value"),
        ("BILLING!", "bill"),
        ("bill", "bill"),
        ("billing please", "bill"),
        ("I have a billing question", "bill"),
        ("sales and offers", "sales"),
        ("Sales & Offers", "sales"),
        ("offers", "sales"),
        ("tech", "tech"),
        ("cafe", "cafe-value"),
        ("CAFÉ", "cafe-value"),
        ("biling", "bill"),
        ("bililng", "bill"),
        ("teck suport", "tech"),
        ("5", None),
        ("0", None),
        ("fifth", None),
        ("one or two", None),
        ("not billing", None),
        ("billing and tech support", None),
        ("and", None),
        ("No. 2", "tech"),
        ("no one", None),
        ("that one", None),
        ("the", None),
        ("", None),
        ("something else", None),
        ("²", "tech"),
        ("9" * 5000, None),
    ],
)
def test_chosen_by_words(said: str, value: str | None) -> None:
    """A number, a number word, an ordinal or a label chooses; what is doubtful does not."""
    assert choose(said, MENU, digits=False) == value


@pytest.mark.parametrize(
    ("keys", "value"), [("1", "bill"), ("2#", "tech"), ("5", None), ("12", None), ("*", None), ("", None)]
)
def test_chosen_by_keys(keys: str, value: str | None) -> None:
    """A pressed key is the number of a choice."""
    assert choose(keys, MENU, digits=True) == value


def test_labels_that_are_numbers() -> None:
    """Spoken, a label that is a number is the label; pressed, the number spoken before it counts."""
    rooms = [Choice(label="2", value="two rooms"), Choice(label="3", value="three rooms")]
    assert choose("2", rooms, digits=False) == "two rooms"
    assert choose("2", rooms, digits=True) == "three rooms"
    assert choose("3", rooms, digits=True) == "three rooms"


def test_nested_labels() -> None:
    """Of labels within each other the longest one said is meant."""
    assert (
        choose("business account please", [("Account", "a"), ("Business account", "b")], digits=False) == "b"
    )
    assert choose("account", [("Account", "a"), ("Business account", "b")], digits=False) == "a"


def test_letters() -> None:
    """A letter that only one label has chooses it, even if it is a small word."""
    plans = [("Plan A", "a"), ("Plan B", "b")]
    assert choose("a", plans, digits=False) == "a"
    assert choose("B, please", plans, digits=False) == "b"
    assert choose("plan", plans, digits=False) is None


def test_near_two_labels() -> None:
    """A slip that is as near to two labels chooses neither."""
    assert choose("boet", [("Boat", "a"), ("Boot", "b")], digits=False) is None


def test_yes_and_no() -> None:
    """`No` is a label like any other."""
    answers = [("Yes", "y"), ("No", "n")]
    assert choose("no thanks", answers, digits=False) == "n"
    assert choose("No.", answers, digits=False) == "n"


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=5)), max_size=5),
    st.booleans(),
)
def test_never_raises(said: str, choices: list[tuple[str, str]], digits: bool) -> None:
    """Whatever is said about whatever choices, the answer is one of their values or none."""
    assert choose(said, choices, digits=digits) in {None, *(value for _, value in choices)}


@given(st.integers(1, 20), st.integers(1, 20))
def test_every_number(number: int, size: int) -> None:
    """Every number up to the last one chooses its own choice, and none beyond."""
    choices = [(f"label {chr(96 + n)}", str(n)) for n in range(1, size + 1)]
    assert choose(str(number), choices, digits=False) == (str(number) if number <= size else None)
