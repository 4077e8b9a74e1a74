"""The scenarios of the project, as a page: what the product does, in plays that every test run performs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from orchestrator.scenarios.format import load
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.testing.finding import find

PLAYS = Path(__file__).resolve().parents[2] / "tests" / "scenarios" / "plays"
CHAPTERS = {
    "design": ("A call and its texts", "Three to begin with."),
    "starting": (
        "Which text begins a conversation",
        "The option *initiate conversation from inbound messages*, row by row ([policy](reasons.md)).",
    ),
    "consent": ("Consent", "STOP, START, HELP, and what an operator or the carrier says of them."),
    "calls": ("Turns", "What callers and writers do, and what the bot may ask and remember."),
    "channels": (
        "Between call and text",
        "A text in a call, a call out of a text, and what crosses on the way.",
    ),
    "calling": ("Calls of ours", "Who answers, who does not, and when we do not call."),
    "transfers": ("Transfers", "A caller is handed to a human."),
    "operators": ("Operators, humans and time", "Who acts besides the bot, and how a thread ends by itself."),
    "faults": ("What can go wrong", "And what the customer notices of it."),
    "demo": ("The demo", "What `make demo` plays."),
}
"""The folders in reading order: the title, and a line about what is in them."""


def gallery() -> str:
    """Every scenario by its folder: its name, what it shows, and the file."""
    files = sorted(find([PLAYS]), key=lambda file: (_rank(_folder(file)), file.name))
    return "\n\n".join(
        part for folder, group in groupby(files, key=_folder) for part in _folder_parts(folder, group)
    )


def _folder_parts(folder: str, files: Iterable[Path]) -> list[str]:
    title, intro = CHAPTERS[folder]
    return [f"## {title}", intro, *(part for file in files for part in _file_parts(file))]


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


def _rank(folder: str) -> int:
    return list(CHAPTERS).index(folder)
