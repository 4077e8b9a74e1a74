"""The scenarios of the project, as a page: what the product does, in plays that every test run performs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from orchestrator.scenarios.format import load
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.testing.finding import find

TESTS = Path(__file__).resolve().parents[2] / "tests"
PLAYS = [folder for folder in (TESTS / "plays", TESTS / "scenarios" / "plays") if folder.is_dir()]
TITLES = {
    "plays": "A call and its texts",
    "starting": "Which text begins a conversation",
    "consent": "Consent",
    "calls": "Calls",
}
"""The folders in reading order, by what is in them."""


def gallery() -> str:
    """Every scenario by its folder: its name, what it shows, and the file."""
    files = sorted(find(PLAYS), key=lambda file: (_rank(_folder(file)), file.name))
    return "\n\n".join(
        part for folder, group in groupby(files, key=_folder) for part in _folder_parts(folder, group)
    )


def _folder_parts(folder: str, files: Iterable[Path]) -> list[str]:
    title = TITLES.get(folder, folder.capitalize())
    return [f"## {title}", *(part for file in files for part in _file_parts(file))]


def _file_parts(file: Path) -> list[str]:
    loaded = load(file)
    if not loaded.plays:
        raise ValueError(loaded.report)
    play = loaded.plays[0]
    heading = f"### {_plain_name(loaded.source.text, play)}"
    text = loaded.source.text.strip()
    return [heading, *([play.about] if play.about else []), f"```yaml play\n{text}\n```"]


def _plain_name(text: str, play: Play) -> str:
    """The name as written, with the names of its table as code."""
    line = next((line for line in text.splitlines() if line.startswith("scenario:")), "")
    name = line.removeprefix("scenario:").strip().strip("\"'") or play.name
    return name.replace("<", "`<").replace(">", ">`")


def _folder(file: Path) -> str:
    return file.parent.name


def _rank(folder: str) -> tuple[int, str]:
    known = list(TITLES)
    return (known.index(folder) if folder in known else len(known), folder)
