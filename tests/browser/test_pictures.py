"""The pictures of the README and of the documents: each is what the console shows of a conversation as it is told
there. `make pictures` puts them in their place.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.place import ROOT, SHOTS, Person, Phone, served

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

SIZE = {"width": 1280, "height": 800}
IMAGES = ROOT / "docs" / "images"
NAMES = ("phone", "session", "live")
LARGEST = 200_000
"""Bytes of a picture: a page of the documents loads at once."""


@pytest.fixture(scope="module")
def people(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The pictures, taken of a service of their own."""
    with served(tmp_path_factory.mktemp("pictures")) as url:
        person = Person.at(browser, url, viewport=SIZE, color_scheme="light").sign_in()
        taken = list(shots(person))
        person.context.close()
    return taken


def shots(person: Person) -> list[Path]:
    """Ben is on record; Ana is in the middle of her call, and then through it."""
    ben = Phone(person.open("/console/phone?number=%2B15550105678"))
    ben.writes("where is your shop")
    ben.reads("12 Elm Road")
    cleo = Phone(person.open("/console/phone?number=%2B15550109012"))
    cleo.press("Call")
    cleo.hears("How can I help?")
    ana = Phone(person.open("/console/phone?number=%2B15550101234"))
    ana.to_awaiting_text()
    ana.text.fill("12 Main St, Apt 4")
    expect(ana.page.get_by_role("link", name="Ana awaiting_text")).to_be_visible()
    taken = [shot(ana.page, "phone")]
    ana.text.press("Enter")
    ana.hears("I have 12 Main St, Apt 4.")
    live = person.open("/console/")
    expect(live.get_by_role("cell", name="in_call_and_text")).to_be_visible()
    taken.append(shot(live, "live"))
    session = person.open(ana.session())
    session.set_viewport_size({"width": SIZE["width"], "height": 1120})
    expect(session.locator("#link")).to_have_text("live")
    taken.append(shot(session, "session"))
    return taken


def shot(page: Page, name: str) -> Path:
    """A picture of what the window shows."""
    folder = SHOTS / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    page.bring_to_front()
    page.locator("h1").first.hover()  # no row or button is lit by the mouse
    page.screenshot(path=folder / f"{name}.png")
    return folder / f"{name}.png"


def test_the_pictures_are_taken(people: list[Path]) -> None:
    """Each of them, small enough for a page."""
    assert {file.stem for file in people} == set(NAMES)
    assert all(5_000 < file.stat().st_size < LARGEST for file in people)


def test_the_documents_have_these_pictures() -> None:
    """Each is in its place, and some page shows it."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for name in NAMES:
        assert (IMAGES / f"{name}.png").exists()
        assert f"images/{name}.png)" in text
