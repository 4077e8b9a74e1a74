"""Which files and plays are run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.scenarios.play import Place, Play
from orchestrator.scenarios.testing.finding import NothingThereError, find, title, wanted

PLAY = Play(
    "Caller gives an address", (), tags=("sms", "smoke"), place=Place("a/address.scenario.yaml", 1, 1)
)


def touch(folder: Path, *names: str) -> None:
    """Make empty files, with their folders."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_folders_are_searched(tmp_path: Path) -> None:
    """A folder's scenarios are found at any depth, by name, and nothing else is; environments are passed by."""
    touch(tmp_path, "b.scenario.yaml", "a/z.scenario.yml", "a/bot.yaml", ".hidden/x.scenario.yaml")
    touch(tmp_path, "env/pyvenv.cfg", "env/x.scenario.yaml", "node_modules/x.scenario.yaml")
    assert find([tmp_path]) == [tmp_path / "b.scenario.yaml", tmp_path / "a/z.scenario.yml"]


def test_a_named_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    """A file that is named is a scenario, once, though its folder is named, too."""
    touch(tmp_path, "play.yaml", "b.scenario.yaml")
    named = [tmp_path / "play.yaml", tmp_path / "b.scenario.yaml"]
    assert find([*named, tmp_path]) == named


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A path that does not exist is no empty folder."""
    with pytest.raises(NothingThereError, match="no such file or folder"):
        find([tmp_path / "none"])


@pytest.mark.parametrize(
    ("tags", "expression", "is_wanted"),
    [
        ((), "", True),
        (("smoke",), "", True),
        (("slow", "sms"), "", True),
        (("slow",), "", False),
        ((), "address", True),
        ((), "ADDRESS", True),
        ((), "address.scenario", True),
        ((), "smoke", True),
        ((), "gives an address", True),
        ((), "gives address", False),
        ((), "caller and not call drops", True),
        ((), "drops or (caller and sms)", True),
        ((), "not address", False),
        (("sms",), "drops", False),
    ],
)
def test_what_is_wanted(tags: tuple[str, ...], expression: str, is_wanted: bool) -> None:
    """A play has one of the tags, and its name, file or tags fit the expression."""
    assert wanted(tags, expression)(PLAY) is is_wanted


@pytest.mark.parametrize("expression", ["and", "a and", "(a", "a b) or", "not"])
def test_an_expression_that_cannot_be_read_is_told(expression: str) -> None:
    """Half an expression chooses nothing."""
    with pytest.raises(NothingThereError, match="are expected"):
        wanted((), expression)


def test_rows_have_names_of_their_own() -> None:
    """The row of a table stands in the name."""
    assert title(replace(PLAY, example="city=Rome")) == "Caller gives an address [city=Rome]"
