"""A table of examples makes a play of each of its rows."""

from __future__ import annotations

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
    assert heads(loaded) == ["4:16 `examples` has no <citty>"]
    assert loaded.problems[0].meant == "<city>"


def test_a_value_that_does_not_fit_is_told_at_its_use() -> None:
    """A value that its place cannot take is a mistake there."""
    loaded = parse(written("wait: <wait>", more="examples:\n  - {wait: 5s}\n  - {wait: soon}\n"))
    assert heads(loaded) == ["4:11 not a duration"]
