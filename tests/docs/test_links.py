"""The documents hang together: links lead somewhere, pages are found, decisions have their parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, pages

LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ADR_PARTS = ("**We chose**", "**Because**", "**It costs**", "**Revisit when**")


def name_of(page: Path) -> str:
    """The page's path in the project."""
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def targets(page: Path) -> list[str]:
    """What a page links to inside of the project."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    found = [match["target"] for match in LINK.finditer(text)]
    return [target for target in found if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link of a page names a file of the project, and a heading in it."""
    for target in targets(page):
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{name_of(page)}: there is no {target}"
        assert not anchor or anchor in anchors(other), f"{name_of(page)}: {target} has no such heading"


def test_every_page_is_on_the_index() -> None:
    """Each page of docs/ is linked from docs/index.md."""
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in targets(index)}
    lost = [name_of(page) for page in (ROOT / "docs").rglob("*.md") if page != index and page not in linked]
    assert not lost, f"link these from docs/index.md: {lost}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=name_of)
def test_a_decision_has_its_parts(page: Path) -> None:
    """Each decision has its number, a date, what was chosen, why, what it costs and when to look again."""
    text = page.read_text(encoding="utf-8")
    number = int(page.name.split("-")[0])
    assert re.match(rf"# {number}\. .+\n\n\d{{4}}-\d\d-\d\d\n", text)
    assert [part for part in ADR_PARTS if part not in text] == []
    assert len(text.splitlines()) < 60, "one page"
