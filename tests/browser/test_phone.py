"""A conversation over call and text, played by hand in a browser, and seen by another one."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.core.segments import measure
from tests.browser.place import Person, Phone

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

MARKUP = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script><b>bold</b>"


_numbers = count(15_550_120_000)


def new_phone(person: Person, name: str = "Somebody") -> Phone:
    """The handset of a new customer."""
    page = person.open("/console/phone")
    page.get_by_role("button", name="New customer").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Number", exact=True).fill(f"+{next(_numbers)}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    phone = Phone(page)
    phone.is_in("idle")
    return phone


def lit(page: Page) -> str:
    """The state that the session page lights."""
    return str(page.locator(".node[aria-current=true]").get_attribute("data-state"))


def test_the_page_shows_a_phone_that_is_free_or_in_a_call(operator: Person) -> None:
    """First somebody without a session; while one is in a call it is that one, everywhere."""
    phone = Phone(operator.open("/console/phone"))
    phone.is_in("idle")
    expect(phone.page).to_have_url(re.compile(r"number=%2B15550101234"))
    phone.press("Call")
    phone.is_in("in_call")
    other = Phone(operator.open("/console/phone"))
    other.is_in("in_call")
    other.press("Hang up")
    phone.is_in("text_only")
    expect(operator.open("/console/phone")).to_have_url(re.compile(r"number=%2B15550105678"))


def test_a_conversation_is_played_whole(operator: Person, browser: Browser, url: str) -> None:
    """Call, speak, be asked for a text, reply, hear it, hang up, go on by text; the session page of another
    browser lights each state in turn, and its timeline grows.
    """
    phone = new_phone(operator)
    other = Person.at(browser, url).sign_in()
    phone.press("Call")
    phone.is_in("in_call")
    watched = other.open(phone.session())
    present = watched.locator('.node[aria-current="true"]')
    timeline = watched.get_by_role("log", name="Timeline")
    expect(present).to_have_attribute("data-state", "in_call")

    phone.says("I moved house")
    phone.is_in("awaiting_text")
    phone.reads("What is your new address?")
    expect(present).to_have_attribute("data-state", "awaiting_text")

    phone.writes("12 Main St, Apt 4")
    phone.is_in("in_call_and_text")
    phone.hears("I have 12 Main St, Apt 4. Is that right?")
    expect(present).to_have_attribute("data-state", "in_call_and_text")

    phone.says("yes")
    phone.hears("Your new address is noted.")
    phone.press("Hang up")
    phone.is_in("text_only")
    phone.reads("Thanks for your call.")
    expect(present).to_have_attribute("data-state", "text_only")

    phone.writes("Where is your shop?")
    phone.reads("12 Elm Road")
    expect(timeline).to_contain_text("12 Elm Road")
    other.context.close()
    assert other.complaints == []


def test_the_live_page_of_another_browser_follows(operator: Person, browser: Browser, url: str) -> None:
    """A row appears with the call, and its state goes along."""
    phone = new_phone(operator)
    other = Person.at(browser, url).sign_in()
    table = other.open("/console/").get_by_role("table", name="Sessions")
    before = table.get_by_role("row").count()
    phone.to_awaiting_text()
    expect(table.get_by_role("row")).to_have_count(before + 1)
    expect(table.get_by_role("cell", name="awaiting_text").first).to_be_visible()
    phone.press("Drop the call")
    phone.is_in("text_only")
    expect(table.get_by_role("cell", name="awaiting_text")).to_have_count(0)
    other.context.close()


def test_a_page_that_nobody_sees_catches_up_when_it_is_seen_again(operator: Person) -> None:
    """It lets go of its stream meanwhile: browsers open six a site, and people more tabs."""
    live, phone = operator.open("/console/"), new_phone(operator)
    seen = "Object.defineProperty(document, 'hidden', {get: () => %s, configurable: true});"
    turn = "document.dispatchEvent(new Event('visibilitychange'))"
    table = live.get_by_role("table", name="Sessions")
    live.evaluate(seen % "true" + turn)
    live.wait_for_timeout(5_500)
    phone.to_awaiting_text()
    live.wait_for_timeout(1_500)
    assert table.get_by_role("cell", name="awaiting_text").count() == 0
    live.evaluate(seen % "false" + turn)
    expect(table.get_by_role("cell", name="awaiting_text").first).to_be_visible()
    phone.writes("1 Low Street")
    expect(table.get_by_role("cell", name="in_call_and_text").first).to_be_visible()
    phone.press("Hang up")


def test_the_keyboard_alone_completes_the_call(operator: Person) -> None:
    """From the top of the page by Tab, Enter and letters; focus goes where one goes on."""
    phone = new_phone(operator)
    keys = phone.page.keyboard
    for _ in range(60):
        keys.press("Tab")
        if phone.page.locator(":focus").inner_text() == "Call":
            break
    keys.press("Enter")
    expect(phone.say).to_be_focused()
    keys.type("I moved house")
    keys.press("Enter")
    phone.is_in("awaiting_text")
    for _ in range(30):
        keys.press("Tab")
        if phone.page.locator(":focus").get_attribute("aria-label") == "Text":
            break
    keys.type("7 Hill Road")
    keys.press("Enter")
    phone.hears("I have 7 Hill Road. Is that right?")
    for _ in range(30):
        keys.press("Shift+Tab")
        if phone.page.locator(":focus").inner_text() == "Hang up":
            break
    keys.press("Space")
    phone.is_in("text_only")
    expect(phone.text).to_be_focused()


def test_keys_pressed_one_after_the_other_are_one_number(operator: Person) -> None:
    """Five keys make the order number."""
    phone = new_phone(operator)
    phone.press("Call")
    phone.hears("How can I help?")
    phone.says("where is my order")
    phone.hears("five digits")
    for key in "12345":
        phone.press(key)
    phone.hears("Order 1 2 3 4 5 is on its way.")
    phone.press("Hang up")


def test_a_call_rings_and_is_picked_up_or_declined(operator: Person) -> None:
    """The assistant calls back a texter."""
    phone = new_phone(operator)
    phone.writes("hello")
    phone.reads("How can we help?")
    phone.writes("call me")
    phone.press("Decline")
    phone.reads("We could not reach you by phone.")
    phone.writes("call me")
    expect(phone.page).to_have_title(re.compile("^☎ rings: "))
    expect(phone.page.get_by_role("button", name="Hang up", exact=True)).to_be_hidden()
    phone.press("Answer")
    expect(phone.page).to_have_title(re.compile("^Phone of"))
    phone.hears("You asked us to call.")
    expect(phone.say).to_be_focused()
    phone.press("Hang up")
    phone.is_in("text_only")


def test_the_next_text_fails_with_a_code(operator: Person) -> None:
    """Reported later, or refused at once: the assistant goes on by voice; the text after it arrives."""
    for code in ("30005", "21614"):
        phone = new_phone(operator)
        phone.press("Call")
        phone.hears("How can I help?")
        phone.fail.select_option(code)
        phone.says("I moved house")
        phone.hears("I cannot send you a text just now.")
        expect(phone.fail).to_have_value("0")
        phone.says("5 Oak Lane")
        phone.says("yes")
        phone.says("where is your shop")
        phone.reads("12 Elm Road")
        phone.press("Hang up")
        phone.page.close()


def test_time_moves_to_the_reminder_and_to_the_time_out(operator: Person) -> None:
    """What is due on the way happens, in its order; the clock of the page goes along."""
    phone = new_phone(operator)
    phone.to_awaiting_text()
    expect(phone.page.get_by_text(re.compile(r"reminder in 0:3\d"))).to_be_visible()
    phone.press("Advance to next timer")
    phone.hears("Take your time.")
    expect(phone.page.get_by_text(re.compile(r"text_reply in 1:\d\d"))).to_be_visible()
    phone.press("Advance to next timer")
    phone.hears("No text has come so far.")
    phone.is_in("in_call_and_text")
    shown = phone.page.locator("[data-call-since]")
    expect(shown).to_have_text(re.compile(r"[23]:\d\d"))
    phone.press("Advance 30 seconds")
    phone.hears("Are you still there?")
    phone.hears("I can still hear you if you speak up.")
    phone.is_in("text_only")
    expect(phone.page.get_by_text(re.compile(r"session in 23:59:\d\d"))).to_be_visible()
    phone.press("Advance to next timer")
    phone.is_in("ended")


def test_silence_is_a_turn_at_once(operator: Person) -> None:
    """Nobody waits for the end of a pause."""
    phone = new_phone(operator)
    phone.press("Call")
    phone.hears("How can I help?")
    phone.press("Stay silent")
    phone.hears("Are you still there?")
    phone.press("Hang up")


def test_several_customers_are_played_at_once(operator: Person) -> None:
    """Each has a session of its own; the strip shows how all of them stand."""
    first = new_phone(operator, "Yan")
    first.to_awaiting_text()
    second = new_phone(operator, "Zoe")
    second.to_awaiting_text()
    strip = first.page.get_by_role("navigation", name="Customers")
    expect(strip.get_by_role("link", name="Zoe awaiting_text")).to_be_visible()
    second.writes("2 New Street")
    second.hears("I have 2 New Street.")
    first.is_in("awaiting_text")
    for phone in (first, second):
        phone.press("Hang up")


def test_markup_is_shown_as_text(operator: Person) -> None:
    """In a name, in what is said, in a text, on this page, the session's and the list of texts."""
    phone = new_phone(operator, "<b>Eve</b><script>x")
    page = phone.page
    phone.press("Call")
    phone.hears("How can I help?")
    phone.says(MARKUP)
    phone.hears(MARKUP)
    phone.says("I moved house")
    phone.reads("What is your new address?")
    phone.writes(MARKUP)
    phone.reads(MARKUP)
    phone.hears("I have bold. Is that right?")
    session = phone.session()
    phone.press("Hang up")
    for path in (session, "/console/texts"):
        seen = operator.open(path)
        expect(seen.get_by_text("<img src=x").first).to_be_visible()
        assert "broken" not in seen.title()
        assert seen.locator("main img").count() == 0
        seen.close()
    assert "broken" not in page.title()


TEXTS = (
    "",
    "hello",
    "a" * 161,
    "€" * 81,
    "naïve “quotes”",
    "é" * 160,
    "👩‍👩‍👧‍👦" * 9,
    "[" * 77 + "x" * 10,
    "ß" * 306,
)


def test_the_counter_counts_as_the_carrier_does(operator: Person) -> None:
    """Units and segments of what is being written are those of the core."""
    phone = Phone(operator.open("/console/phone"))
    shown = phone.page.locator("[data-size]")
    for text in TEXTS:
        size = measure(text)
        phone.text.fill(text)
        expect(shown).to_have_text(re.compile(rf"^{size.units}/"))
        told = shown.inner_text()
        assert ("UCS-2" in told) == (size.encoding == "UCS-2")
        assert (f"{size.segments} segments" in told) == (size.segments > 1)
