"""The code blocks of the documents, and what each kind of block must be.

A block opens with its language and, where it is more than that, its kind: `yaml tandem.yaml`,
`json turn-request`, `json turn-answer`. One that cannot run stands below `<!-- not run: REASON -->`.
`docs/scripted.md` is proved by the tests of the scripted assistant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROVED_ELSEWHERE = {"docs/scripted.md"}
NOT_RUN = re.compile(r"<!-- not run: (?P<reason>\S.*) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its page and line, the words after its fence, and its text."""

    page: str
    line: int
    kind: str
    text: str
    not_run: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """README, CONTRIBUTING and every page of docs/."""
    papers = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    return papers + sorted((ROOT / "docs").rglob("*.md"))


def read_blocks(text: str, page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    blocks: list[Block] = []
    opened: Block | None = None
    body: list[str] = []
    previous = ""
    for number, line in enumerate(text.splitlines(), 1):
        if opened is None and line.startswith("```"):
            marked = NOT_RUN.fullmatch(previous.strip())
            opened = Block(page, number, line[3:].strip(), "", marked["reason"] if marked else "")
            body = []
        elif opened is not None and line.startswith("```"):
            blocks.append(Block(page, opened.line, opened.kind, "\n".join(body) + "\n", opened.not_run))
            opened = None
        elif opened is not None:
            body.append(line)
        previous = line
    if opened is not None:
        raise ValueError(f"{opened.place}: the block is never closed")
    return blocks


def all_blocks() -> list[Block]:
    """Every block of every page that is proved here."""
    names = [(path, path.relative_to(ROOT).as_posix()) for path in pages()]
    return [
        block
        for path, name in names
        if name not in PROVED_ELSEWHERE
        for block in read_blocks(path.read_text(encoding="utf-8"), name)
    ]
