"""The generator keeps the generated parts of the documents true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.generate_docs import run, run_files
from tools.reference import FILES, PartError, make
from tools.reference.markdown import first_sentence, table

PAGE = "# Page\n\n<!-- generated: colours -->\n\nred\n\n<!-- end -->\n\nMore.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one page that has a generated part."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("# Read\n", encoding="utf-8")
    (tmp_path / "docs" / "page.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def test_a_stale_part_fails_the_check_and_stays(project: Path) -> None:
    """With `check` a part that differs from its source is told, and nothing is written."""
    assert run(project, check=True, maker=lambda _: "blue") == ["docs/page.md is stale: make docs"]
    assert (project / "docs" / "page.md").read_text(encoding="utf-8") == PAGE


def test_a_stale_part_is_written(project: Path) -> None:
    """Without `check` the part is made again, once, and the rest of the page stays."""
    assert run(project, check=False, maker=lambda _: "blue") == []
    assert (project / "docs" / "page.md").read_text(encoding="utf-8") == PAGE.replace("red", "blue")
    assert run(project, check=True, maker=lambda _: "blue") == []


def test_a_part_that_cannot_be_made_is_told(project: Path) -> None:
    """A part whose source is broken is a trouble of its own, and the page stays."""

    def broken(name: str) -> str:
        raise PartError(f"{name} cannot be made")

    assert run(project, check=False, maker=broken) == ["colours cannot be made"]


def test_an_unknown_part_names_the_known_ones() -> None:
    """A part that nobody makes is an error that lists those that are made."""
    with pytest.raises(PartError, match="events"):
        make("evnets")


def test_cells_stay_cells() -> None:
    """A bar or a line break in a cell does not break the table."""
    assert table(["a"], [["x|y\nz"]]).splitlines()[-1] == "| x\\|y z |"


def test_a_docstring_speaks_with_its_first_sentence() -> None:
    """Of a docstring the first sentence stands in a table, joined to one line."""
    assert first_sentence("One\nfact. Two more.") == "One fact."


def test_a_stale_file_is_told_and_written(project: Path) -> None:
    """A file that is made whole is told when it is missing or differs, and written without `check`."""
    (project / "docs" / "reference").mkdir()
    path, *_ = FILES
    assert run_files(project, check=True) == [f"{each} is stale: make docs" for each in FILES]
    assert run_files(project, check=False) == []
    assert run_files(project, check=True) == []
    (project / path).write_text("{}", encoding="utf-8")
    assert run_files(project, check=True) == [f"{path} is stale: make docs"]
