"""A session played again, and dead letters, in a real browser: by keyboard alone, in both themes and widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from orchestrator.web.console.again import lines_of, verdict
from orchestrator.web.console.pages import Pages
from tests.browser.place import WIDTHS, Person, Phone, serious, shoot

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

SAME = "Nothing differs: it happens as it did."
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def sessions(browser: Browser, url: str) -> dict[str, str]:
    """Addresses of two sessions: one that is whole, one whose text failed twice over."""
    person = Person.at(browser, url).sign_in()
    ana = Phone(person.open("/console/phone?number=%2B15550101234"))
    ana.whole_conversation()
    dan = Phone(person.open("/console/phone?number=%2B15550103456"))
    dan.press("Call")
    dan.hears("How can I help?")
    for code in ("30005", "30007"):
        dan.fail.select_option(code)
        dan.says("where is your shop")
        expect(dan.voice.get_by_text("I could not send you that text.")).to_have_count(
            1 if code == "30005" else 2
        )
    found = {"ana": ana.session(), "dan": dan.session()}
    person.context.close()
    return found


@pytest.fixture
def people(browser: Browser, url: str) -> Iterator[list[tuple[str, Person]]]:
    """One person a theme; at the end their browsers have nothing to complain of."""
    made = [(theme, Person.at(browser, url, color_scheme=theme).sign_in()) for theme in THEMES]
    yield made
    for _, person in made:
        person.context.close()
        assert person.complaints == []


def replayed(page: Page) -> Locator:
    """The dialog, once it tells what came of it."""
    dialog = page.get_by_role("dialog", name="Replay")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("status")).not_to_have_text("Playing the session again…")
    return dialog


def test_a_replay_by_keyboard(operator: Person, sessions: dict[str, str]) -> None:
    """Tab to the button, Enter; the focus is in the dialog, which says that nothing differs; Esc leads back."""
    page = operator.open(sessions["ana"])
    button = page.get_by_role("button", name="Replay", exact=True)
    expect(button).to_be_enabled()
    page.get_by_role("link", name="save as scenario").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(replayed(page).get_by_role("status")).to_have_text(SAME)
    expect(page.get_by_role("heading", name="Replay")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_request_leads_to_its_replay(operator: Person, sessions: dict[str, str]) -> None:
    """From the traffic page, by the link of a row; going back asks for no second one."""
    page = operator.open("/console/traffic")
    links = page.get_by_role("link", name="replay the session of").all()
    leads = (page.request.head(link.evaluate("link => link.href"), max_redirects=0) for link in links)
    ours = (
        link
        for link, answer in zip(links, leads, strict=True)
        if answer.headers.get("location", "").endswith(f"{sessions['ana']}#replay")
    )
    next(ours).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{sessions['ana']}*")
    expect(replayed(page).get_by_role("status")).to_have_text(SAME)
    assert "#" not in page.url


def answer() -> dict[str, object]:
    """What the service answers where a lot differs, a long word among it."""
    lines = ["--- as it happened", "+++ as it does now", "@@ -1,3 +1,2 @@", " in_call          said Hello."]
    lines += [f"-awaiting_text    said {n} {'and so on ' * 20}{'o' * 90}" for n in range(9)]
    lines += ["+in_call          said Goodbye.", "@@ -9,2 +8,2 @@", " ended            session_ended"]
    told = lines_of(lines)
    found = {"same": False, "stopped": "'Customer says: \"hi\"': Customer is in no call"}
    panel = Pages().part("session_replay.html", lines=told)
    return {"verdict": verdict(found, told), "panel": str(panel)}


def test_what_differs_is_for_everybody(people: list[tuple[str, Person]], sessions: dict[str, str]) -> None:
    """For axe nothing in it is serious, nothing is wider than the window, and keys reach what scrolls; a picture."""
    for theme, person in people:
        page = person.open(sessions["dan"])
        page.route("**/replay", lambda route: route.fulfill(json=answer()))
        page.get_by_role("button", name="Replay", exact=True).click()
        dialog = replayed(page)
        assert serious(page) == []
        for width, height in {320: 700, **WIDTHS}.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
            shoot(page, f"replay-{width}-{theme}", full=False)
        page.keyboard.press("Tab")
        expect(dialog.get_by_role("region", name="What differs, scrollable")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()


def test_a_refusal_is_told_in_the_dialog(people: list[tuple[str, Person]], sessions: dict[str, str]) -> None:
    """In the service's words; the button asks again."""
    person = people[0][1]
    page = person.open(sessions["dan"])
    told = {"detail": "Another session is being played again just now.", "hint": "Try again in a moment."}
    page.route("**/replay", lambda route: route.fulfill(status=503, json=told))
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(replayed(page).get_by_role("status")).to_have_text(" ".join(told.values()))
    page.unroute("**/replay")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(replayed(page).get_by_role("status")).to_have_text(SAME)
    person.complaints[:] = [words for words in person.complaints if "503" not in words]


def test_dead_letters_by_keyboard(operator: Person, sessions: dict[str, str]) -> None:
    """`g d`; one is sent again, the other discarded behind a question; the focus goes to what is left."""
    page = operator.open(sessions["dan"])
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/console/dead-letters")
    rows = page.get_by_role("table", name="Dead letters").locator("tbody tr")
    resend = rows.get_by_role("button", name="Resend", exact=True)
    expect(rows).to_have_count(2)
    expect(resend.first).to_be_enabled()
    assert serious(page) == []
    resend.first.press("Enter")
    expect(rows).to_have_count(1)
    expect(resend).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Discard?")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Discard it").press("Enter")
    expect(page.get_by_text("Nothing was given up.")).to_be_visible()
    expect(page.get_by_role("heading", name="Dead letters")).to_be_focused()
