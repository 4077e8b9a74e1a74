"""A table of examples makes a play of each of its rows."""

from __future__ import annotations

import pytest

from orchestrator.scenarios.format import parse
from tests.scenarios.format.plays import heads, play_of, written

TABLE = "examples:\n  - {city: Rome, wait: 5s}\n  - {city: NO, wait: 1m}\n"


def test_each_row_is_a_play() -> None:
    """Each row gives a play with its values in place of the names, as text and as anything else."""
    loaded = parse(written("Ana texts: From <city>", "wait: <wait>", more=TABLE))
    assert [[line.value for line in play.steps] for play in loaded.plays] == [
        ["From Rome", 5.0],
        ["From NO", 60.0],
    ]
    assert [play.example for play in loaded.plays] == ["city=Rome, wait=5s", "city=NO, wait=1m"]


def test_only_what_differs_tells_rows_apart() -> None:
    """A value that all rows share is not in their names."""
    table = "examples:\n  - {city: Rome, wait: 5s}\n  - {city: Oslo, wait: 5s}\n"
    loaded = parse(written("Ana texts: From <city>", more=table))
    assert [play.example for play in loaded.plays] == ["city=Rome", "city=Oslo"]


def test_other_angle_brackets_are_text() -> None:
    """What the table does not name stays as it is."""
    loaded = parse(written("Ana texts: a <b> c", more=TABLE))
    assert [play.steps[0].value for play in loaded.plays] == ["a <b> c"] * 2
    assert play_of(written("Ana texts: a <b> c")).steps[0].value == "a <b> c"


def test_a_misspelt_name_is_a_mistake() -> None:
    """A name that nearly is one of the table's is told once."""
    loaded = parse(written("Ana texts: From <citty>", more=TABLE))
    assert heads(loaded) == ['4:21 no example column "citty"']
    assert loaded.problems[0].meant == "city"
    assert loaded.report.startswith('play.scenario.yaml:4:21: no example column "citty"\n')
    assert loaded.report.endswith('did you mean "city"?')


@pytest.mark.parametrize(
    "words", ["Hello <name>", "To <street name>, please", "<Name>s", "a <b> c and <name>"]
)
def test_a_name_of_no_column_is_a_mistake(words: str) -> None:
    """What looks like a name, and is none of the table's, is told where it stands, with those that are."""
    loaded = parse(written(f"Ana texts: {words!r}", more=TABLE))
    (problem,) = loaded.problems
    name = words[words.rindex("<") + 1 : words.rindex(">")]
    assert problem.message == f'no example column "{name}"'
    assert problem.place.column == 17 + words.rindex("<")
    assert problem.expected.startswith("one of <city>, <wait>")
    assert problem.meant == ""
    assert parse(written(f"Ana texts: {words!r}")).problems == ()


@pytest.mark.parametrize(
    "words",
    [
        "I <3 you",
        "I <3 you> much",
        "1 < 2 > 0",
        "<b>bold</b>",
        "a<br>b",
        "<em class='x'>",
        "<x>1</x>",
        "<+1 555>",
    ],
)
def test_what_is_no_name_is_text(words: str) -> None:
    """Hearts, comparisons and markup stay as they are beside a table."""
    loaded = parse(written(f'Ana texts: "{words}"', more=TABLE))
    assert [play.steps[0].value for play in loaded.plays] == [words] * 2


def test_a_column_may_hold_what_looks_like_a_name() -> None:
    """Values are put in as they are: so a text in angle brackets can be played beside a table."""
    loaded = parse(written("Ana texts: From <city>", more='examples: [{city: "<name>"}, {city: Oslo}]\n'))
    assert [play.steps[0].value for play in loaded.plays] == ["From <name>", "From Oslo"]


def test_a_value_that_does_not_fit_is_told_at_its_use() -> None:
    """A value that its place cannot take is a mistake there."""
    loaded = parse(written("wait: <wait>", more="examples:\n  - {wait: 5s}\n  - {wait: soon}\n"))
    assert heads(loaded) == ["4:11 not a duration"]
