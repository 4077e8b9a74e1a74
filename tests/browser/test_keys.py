"""The keyboard on every page, and what a person may have asked of the browser: no motion, text twice as large."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.place import Person, Phone

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

PLACES = {
    "p": "/console/phone",
    "t": "/console/texts",
    "f": "/console/flow",
    "r": "/console/records",
    "s": "/console/settings",
    "l": "/console/",
}


@pytest.fixture(scope="module")
def talk(browser: Browser, url: str, visit: StorageState) -> str:
    """Two conversations to go through, one of them of several steps: the address of its page."""
    person = Person.at(browser, url, storage_state=visit)
    other = Phone(person.open("/console/phone?number=%2B15550101234"))
    other.writes("where is your shop")
    other.reads("12 Elm Road")
    phone = Phone(person.open("/console/phone?number=%2B15550105678"))
    phone.to_awaiting_text()
    address = phone.session()
    person.context.close()
    return address


@pytest.fixture
def page(operator: Person, talk: str) -> Iterator[Page]:
    """The live page, with its list and its keys at work."""
    page = operator.open("/console/")
    expect(page.locator("#link")).to_have_text("live")
    yield page
    page.close()


def is_dark(page: Page) -> bool:
    """Whether the page is dark."""
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return bool(ground != "rgb(244, 245, 248)")


def test_a_slash_searches_and_escape_leaves(page: Page) -> None:
    """In the field letters are letters; outside it they are keys again."""
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search")
    expect(search).to_be_focused()
    page.keyboard.type("t/?")
    expect(search).to_have_value("t/?")
    assert not is_dark(page)
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()


def test_a_question_mark_shows_the_keys(page: Page) -> None:
    """In a dialog that holds the keys back, and that escape closes; focus comes back."""
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    for key in ("/", "?", "t", "j", "k", "Enter", "g", "[", "]", "Esc"):
        expect(dialog.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$")).first).to_be_visible()
    page.keyboard.press("t")
    assert not is_dark(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_t_changes_the_theme_for_good(page: Page) -> None:
    """On the next page too, and back again."""
    page.keyboard.press("t")
    assert is_dark(page)
    page.goto(page.url.replace("/console/", "/console/texts"))
    assert is_dark(page)
    page.keyboard.press("t")
    assert not is_dark(page)


def test_j_and_k_walk_the_rows_and_enter_opens_one(page: Page, talk: str) -> None:
    """The row is marked by more than its focus; neither end is walked over."""
    links = page.get_by_role("table", name="Sessions").get_by_role("row").get_by_role("link")
    expect(links).to_have_count(2)
    for key, place in (("j", 0), ("j", 1), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    ring = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{ring}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({ring}.outlineWidth)") >= 2
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(talk)))


def test_brackets_step_through_a_session(operator: Person, talk: str) -> None:
    """Back and forth, to the ends and no further."""
    page = operator.open(talk)
    where = page.locator("[data-where]")
    expect(page.locator("#link")).to_have_text("live")
    expect(page.get_by_role("log", name="Timeline")).to_contain_text("What is your new address?")
    last = where.inner_text().rpartition("/")[2]
    page.keyboard.press("[")
    expect(where).to_have_text(f"step {int(last) - 1}/{last}")
    for key, step in (("[", "1"), ("]", last)):
        for _ in range(int(last) + 2):
            page.keyboard.press(key)
        expect(where).to_have_text(f"step {step}/{last}")
    page.close()


def test_g_goes_to_each_page(page: Page) -> None:
    """By the letter after it; any other letter, or none in time, goes nowhere."""
    for letter, path in PLACES.items():
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(re.compile(rf"{re.escape(path)}(\?.*)?$"))
        expect(page.locator(".bar nav [aria-current=page]")).to_have_attribute("href", path)
        expect(page.locator("[data-until-ready][disabled]")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("x")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile("/console/$"))


def test_who_asked_for_no_motion_gets_none(
    browser: Browser, url: str, visit: StorageState, talk: str
) -> None:
    """Nothing fades, slides or blinks; who asked for nothing sees it move."""
    moving: dict[str, set[str]] = {}
    for asked in ("reduce", "no-preference"):
        person = Person.at(browser, url, storage_state=visit, reduced_motion=asked)
        seen = person.open("/console/")
        seen.evaluate("document.querySelector('#list tr[data-id]').classList.add('fresh')")
        moving[asked] = set(
            seen.evaluate(
                "[...document.querySelectorAll('#toast, .fresh td')].map((one) => getComputedStyle(one))"
                ".map((style) => `${style.animationName} ${style.transitionDuration}`)"
            )
        )
        person.context.close()
    assert moving["reduce"] == {"none 0s"}
    assert {"fresh 0s", "none 0.2s, 0.2s"} <= moving["no-preference"]
