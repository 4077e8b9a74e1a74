"""Writes the parts of docs/ that are made from code, between `<!-- generated: NAME -->` and `<!-- end -->`.

With `--check` nothing is written: it fails when a part is stale. The parts are in `tools/reference`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools.reference import PARTS

ROOT = Path(__file__).resolve().parents[1]
PART = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """Every page that may hold generated parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def rewritten(text: str) -> str:
    """The page with each of its parts made again; an unknown name is an error that lists the known ones."""

    def made(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in PARTS:
            raise SystemExit(
                f"generate_docs: no part is called {name!r}; there are {', '.join(sorted(PARTS))}"
            )
        return f"{match[1]}\n{PARTS[name]()}\n\n{match[3]}"

    return PART.sub(made, text)


def used() -> set[str]:
    """The names of all parts that some page holds."""
    return {match["name"] for page in pages() for match in PART.finditer(page.read_text(encoding="utf-8"))}


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare; 1 if a page is stale or a part stands on no page."""
    check = arguments == ["--check"]
    if arguments and not check:
        print("usage: python -m tools.generate_docs [--check]")
        return 2
    stale = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        fresh = rewritten(text)
        if fresh != text:
            stale.append(page.relative_to(ROOT).as_posix())
            if not check:
                page.write_text(fresh, encoding="utf-8")
    homeless = sorted(set(PARTS) - used())
    if stale:
        print(f"{'Stale (make docs)' if check else 'Written'}: {', '.join(stale)}")
    if homeless:
        print(f"On no page: {', '.join(homeless)}")
    return 1 if (check and stale) or homeless else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
