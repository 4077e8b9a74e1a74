"""Writes the parts of docs/ that are made from code, between `<!-- generated: NAME -->` and `<!-- end -->`, and
the files of docs/ that are made from it whole.

With `--check` nothing is written: it fails when a part is stale. The parts are in `tools/reference`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from tools.reference import FILES, PARTS, PartError, make, make_file

ROOT = Path(__file__).resolve().parents[1]
PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages(root: Path) -> list[Path]:
    """Every page that may hold generated parts."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def rewritten(text: str, maker: Callable[[str], str], troubles: list[str]) -> str:
    """The page with its parts made again; one that cannot be made stays, and its trouble is added."""

    def made(match: re.Match[str]) -> str:
        try:
            return f"{match[1]}\n{maker(match['name'])}\n\n{match[3]}"
        except PartError as error:
            troubles.append(str(error))
            return match[0]

    return PART.sub(made, text)


def run(root: Path, *, check: bool, maker: Callable[[str], str] = make) -> list[str]:
    """Write, or only compare, every page; what is wrong, a line each."""
    troubles: list[str] = []
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        fresh = rewritten(text, maker, troubles)
        if fresh == text:
            continue
        if check:
            troubles.append(f"{page.relative_to(root).as_posix()} is stale: make docs")
        else:
            page.write_text(fresh, encoding="utf-8")
            print(f"written: {page.relative_to(root).as_posix()}")
    return troubles


def run_files(root: Path, *, check: bool) -> list[str]:
    """Write, or only compare, every file that is made whole; what is wrong, a line each."""
    troubles: list[str] = []
    for path in FILES:
        file = root / path
        try:
            fresh = make_file(path)
        except PartError as error:
            troubles.append(str(error))
            continue
        if file.exists() and file.read_text(encoding="utf-8") == fresh:
            continue
        if check:
            troubles.append(f"{path} is stale: make docs")
        else:
            file.write_text(fresh, encoding="utf-8")
            print(f"written: {path}")
    return troubles


def homeless(root: Path) -> list[str]:
    """Parts that stand on no page."""
    used = {
        match["name"] for page in pages(root) for match in PART.finditer(page.read_text(encoding="utf-8"))
    }
    return [f"{name} stands on no page" for name in PARTS if name not in used]


def main(arguments: list[str]) -> int:
    """0 if all pages are (now) as their sources; 2 on wrong usage."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m tools.generate_docs [--check]")
        return 2
    check = bool(arguments)
    troubles = run(ROOT, check=check) + run_files(ROOT, check=check) + homeless(ROOT)
    for trouble in troubles:
        print(f"generate_docs: {trouble}")
    return 1 if troubles else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
