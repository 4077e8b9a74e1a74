"""Every page of the console in a real browser: nothing to complain of for axe, the browser and its policy, in
both themes, from a phone's width to a wide one; and a picture of each.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.place import TOKEN, WIDTHS, Person, Phone, serious, shoot

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

PAGES = {
    "live": "/console/",
    "texts": "/console/texts",
    "flow": "/console/flow",
    "traffic": "/console/traffic",
    "letters": "/console/dead-letters",
    "records": "/console/records",
    "settings": "/console/settings",
    "phone": "/console/phone?number=%2B15550105678",
    "nothing": "/console/nothing",
}
THEMES = ("light", "dark")
ZOOM = 2
"""200 %: a browser then has half as many pixels for the page."""


@pytest.fixture(scope="module")
def session(browser: Browser, url: str) -> str:
    """A service with something to look at: one conversation that is whole, one that waits for a text, one that
    failed, one refused. The address of the first one's page.
    """
    person = Person.at(browser, url).sign_in()
    ana = Phone(person.open("/console/phone?number=%2B15550101234"))
    ana.whole_conversation()
    address = ana.session()
    cleo = Phone(person.open("/console/phone?number=%2B15550109012"))
    cleo.press("Call")
    cleo.hears("How can I help?")
    cleo.says("where is my order")
    cleo.hears("five digits")
    dan = Phone(person.open("/console/phone?number=%2B15550103456"))
    dan.press("Call")
    dan.hears("How can I help?")
    dan.fail.select_option("30005")
    dan.says("where is your shop")
    dan.hears("I could not send you that text.")
    ben = Phone(person.open("/console/phone?number=%2B15550105678"))
    ben.to_awaiting_text()
    person.context.close()
    return address


@pytest.fixture
def people(browser: Browser, url: str, session: str) -> Iterator[list[tuple[str, Person]]]:
    """One person a theme."""
    made = [(theme, Person.at(browser, url, color_scheme=theme).sign_in()) for theme in THEMES]
    yield made
    for _, person in made:
        person.context.close()


def opened(person: Person, path: str) -> Page:
    """A page that has settled: its stream is open, where it has one."""
    page = person.open(path)
    page.wait_for_load_state("load")
    if page.locator("body[data-page=live], body[data-page=session], body[data-page=phone]").count():
        expect(page.locator("#link")).to_have_text("live")
    return page


def each_page(session: str) -> dict[str, str]:
    """Every page by name."""
    return {**PAGES, "session": session}


def test_axe_finds_nothing_serious(people: list[tuple[str, Person]], session: str) -> None:
    """On no page, in no theme; nor in an open dialog."""
    found: dict[str, list[str]] = {}
    for theme, person in people:
        for name, path in each_page(session).items():
            page = opened(person, path)
            found[f"{name}, {theme}"] = serious(page)
            if name == "live":
                page.keyboard.press("?")
                found[f"{name} with a dialog, {theme}"] = serious(page)
            page.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_axe_finds_nothing_serious_at_the_sign_in(browser: Browser, url: str) -> None:
    """In both themes, also after a wrong token; and a picture."""
    for theme in THEMES:
        person = Person.at(browser, url, color_scheme=theme)
        page = person.open("/console/")
        assert serious(page) == []
        shoot(page, f"sign-in-1440-{theme}")
        page.get_by_role("textbox", name="API token").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert serious(page) == []
        person.context.close()


def test_the_browser_has_nothing_to_complain_of(people: list[tuple[str, Person]], session: str) -> None:
    """No error, no warning, nothing that the policy had to stop, on any page."""
    for _, person in people:
        for path in each_page(session).values():
            opened(person, path).close()
        said = [words for words in person.complaints if "404" not in words]  # the page that is not there
        assert said == []


def test_the_policy_lets_nothing_inline_run(url: str, session: str) -> None:
    """On every page, and on the sign-in."""
    with httpx.Client(base_url=url, headers={"Accept": "text/html"}) as client:
        answers = [
            client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
            for path in each_page(session).values()
        ]
        answers.append(client.get("/console/sign-in"))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "<script>" not in answer.text
        assert " style=" not in answer.text


def test_no_page_is_wider_than_the_window(people: list[tuple[str, Person]], session: str) -> None:
    """From 320 px on, and at twice the size of everything, nothing is cut off: what is wide scrolls inside the
    page.
    """
    _, person = people[0]
    for name, path in {**each_page(session), "sign-in": "/console/sign-in"}.items():
        page = opened(person, path)
        for width in (320, *WIDTHS, max(WIDTHS) // ZOOM):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} at {width} px: {wide} px"
        page.close()


@pytest.mark.parametrize("width", list(WIDTHS))
def test_pictures_are_taken(people: list[tuple[str, Person]], session: str, width: int) -> None:
    """Of every page at both widths in both themes, in `build/screenshots`."""
    for theme, person in people:
        for name, path in each_page(session).items():
            page = opened(person, path)
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            file = shoot(page, f"{name}-{width}-{theme}", full=width == min(WIDTHS))
            assert file.stat().st_size > 5_000
            page.close()


def test_axe_finds_what_is_wrong(people: list[tuple[str, Person]]) -> None:
    """A button without a name is serious: that nothing is found elsewhere says something."""
    page = people[0][1].open("/console/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [entry for entry in serious(page) if entry.startswith("button-name")]


def test_an_operator_acts_from_the_session_page(people: list[tuple[str, Person]], session: str) -> None:
    """A text of theirs is sent and stands on the timeline of everybody who looks."""
    (_, person), (_, other) = people
    watched, page = opened(other, session), person.open(session)
    page.get_by_role("textbox", name="Message").fill("Your parcel is here.")
    page.get_by_role("button", name="Send text", exact=True).click()
    for seen in (page, watched):
        expect(seen.get_by_role("log", name="Timeline")).to_contain_text("Your parcel is here.")


def test_the_scrubber_steps_through_the_states(people: list[tuple[str, Person]], session: str) -> None:
    """By the keys `[` and `]`: the state of each step is lit, and the present one at the end."""
    page = opened(people[0][1], session)
    lit = page.locator('.node[aria-current="true"]')
    expect(lit).to_have_attribute("data-state", "text_only")
    seen: list[str] = []
    for _ in range(30):
        page.keyboard.press("[")
        word = lit.get_attribute("data-state") if lit.count() else "idle"
        if not seen or seen[-1] != word:
            seen.append(str(word))
    assert seen[::-1][:4] == ["in_call", "awaiting_text", "in_call_and_text", "text_only"]
    for _ in range(40):
        page.keyboard.press("]")
    expect(lit).to_have_attribute("data-state", "text_only")
