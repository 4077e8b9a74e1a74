"""What a handset of the Phone page can do beyond talking and texting: pictures, a withheld number, the browser's
microphone and voice, texts that fare badly; and what somebody sees of it who may only look.
"""

from __future__ import annotations

import base64
import re
from itertools import count

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.place import READING, TOKEN, Person, Phone

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)
EAR_AND_TONGUE = """
  window.SpeechRecognition = class {
    start() { window.ear = this; }
    abort() { this.onend?.(); }
    hears(words) { this.onresult({ results: [[{ transcript: words }]] }); this.onend(); }
  };
  window.told = [];
  const tongue = { speak: ({ text }) => window.told.push(text), cancel: () => window.told.push("hush") };
  Object.defineProperty(window, "speechSynthesis", { value: tongue, configurable: true });
"""
NO_EAR = """
  delete window.SpeechRecognition; delete window.webkitSpeechRecognition;
  Object.defineProperty(window, "speechSynthesis", { value: undefined });
"""

_numbers = count(15_550_130_000)


def phone_of(person: Person, first: str = "") -> Phone:
    """The handset of somebody new. `first` runs in the page before its own scripts."""
    number = next(_numbers)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    given = {"number": f"+{number}", "name": f"Nobody {number % 1000}"}
    person.context.request.post(f"{person.url}/console/phone/people", headers=headers, data=given)
    page = person.context.new_page()
    if first:
        page.add_init_script(first)
    page.goto(f"{person.url}/console/phone?number=%2B{number}")
    return Phone(page)


def test_pictures_go_with_a_text(operator: Person) -> None:
    """Chosen from a file or from the page's own; they stand in the text, the assistant gets them, one can be
    taken out again, and what is no picture is refused in words.
    """
    phone = phone_of(operator)
    page = phone.page
    chosen = page.get_by_role("list", name="Pictures of this text")
    expect(page.get_by_role("button", name="Add a picture")).to_be_enabled()
    page.locator("[data-picture-file]").set_input_files(
        FilePayload(name="door.png", mimeType="image/png", buffer=PNG)
    )
    phone.press("Sample picture")
    expect(chosen.get_by_role("listitem")).to_have_count(2)
    expect(page.locator("[data-size]")).to_have_text(re.compile("0/160 MMS, 2 pictures"))
    phone.press("Remove picture 2")
    phone.press("Send")
    expect(chosen).to_be_hidden()
    sent = phone.sms.get_by_role("img", name="Picture from you")
    expect(sent).to_have_count(1)
    assert sent.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    expect(phone.sms).to_contain_text(re.compile("MMS ✓✓ delivered"))
    phone.is_in("text_only")
    page.locator("[data-picture-file]").set_input_files(
        FilePayload(name="words.png", mimeType="image/png", buffer=b"words")
    )
    expect(page.locator("#toast")).to_contain_text("a picture is a PNG, JPEG, GIF or WebP")
    operator.complaints[:] = [said for said in operator.complaints if "422" not in said]


def test_a_withheld_number_calls(operator: Person) -> None:
    """It is asked for its address aloud: there is no number to text."""
    page = operator.open("/console/phone")
    page.get_by_role("button", name="New customer").click()
    page.get_by_role("checkbox", name="Withhold the number").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("number withheld")
    phone = Phone(page)
    expect(phone.text).to_be_disabled()
    phone.press("Call")
    phone.hears("How can I help?")
    phone.says("I moved house")
    phone.hears("new address")
    phone.is_in("in_call")
    other = phone_of(operator)
    other.press("Call")
    other.is_in("in_call")
    phone.press("Hang up")
    phone.is_in("ended")
    other.is_in("in_call")
    other.press("Hang up")


def test_the_microphone_and_the_voice_are_off_until_they_are_asked_for(operator: Person) -> None:
    """What the browser understands is said; what the bot says is read aloud, until the call ends."""
    phone = phone_of(operator, EAR_AND_TONGUE)
    page = phone.page
    microphone = page.get_by_role("button", name="Use the microphone")
    expect(microphone).to_be_disabled()
    expect(microphone).to_have_attribute("aria-pressed", "false")
    phone.press("Call")
    phone.hears("How can I help?")
    assert page.evaluate("window.told").count("Welcome.") == 0
    page.get_by_role("checkbox", name="Read aloud").check()
    microphone.click()
    expect(microphone).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.ear.hears(' where is my order ')")
    expect(microphone).to_have_attribute("aria-pressed", "false")
    phone.hears("where is my order")
    phone.hears("five digits")
    assert any("five digits" in words for words in page.evaluate("window.told"))
    microphone.click()
    page.evaluate("window.ear.onerror({ error: 'not-allowed' })")
    expect(page.locator("#toast")).to_have_text("The microphone gives no words: not-allowed.")
    phone.press("Hang up")
    expect(microphone).to_be_disabled()
    expect(microphone).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.told").pop() == "hush"


def test_a_browser_without_microphone_and_voice_has_no_buttons_for_them(operator: Person) -> None:
    """Everything else is there."""
    page = phone_of(operator, NO_EAR).page
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_enabled()
    assert page.get_by_role("button", name="Use the microphone").count() == 0
    assert page.get_by_role("checkbox", name="Read aloud").count() == 0


def test_how_a_text_fares_is_seen(operator: Person) -> None:
    """Refused at once and undelivered with code, reason and words, here and among the texts; late step by step."""
    phone = phone_of(operator)
    for code, how in (
        ("21614", "a text was refused at once: 21614 not a mobile number"),
        ("30005", "a text did not arrive: 30005 nobody has this number"),
    ):
        phone.fail.select_option(code)
        phone.writes("where is your shop")
        phone.reads(how)
        expect(phone.fail).to_have_value("0")
    expect(phone.sms.locator(".about", has_text="12 Elm Road")).to_have_count(2)
    phone.fail.select_option("late")
    phone.writes("where is your shop")
    for status in ("queued", "sent", "delivered"):
        expect(phone.sms.locator(".bot .mark").last).to_contain_text(status)
        phone.press("Advance 30 seconds")
    texts = operator.open("/console/texts")
    for status in ("failed 21614", "undelivered 30005"):
        expect(texts.get_by_role("table", name="Texts")).to_contain_text(status)


def test_who_may_only_look_watches_a_phone(operator: Person, browser: Browser, url: str) -> None:
    """Every control is off, also while a call goes on, and what happens is seen all the same."""
    phone = phone_of(operator)
    reader = Person.at(browser, url).sign_in(READING)
    watched = Phone(reader.open(phone.page.url.removeprefix(url)))
    expect(watched.page.get_by_text("You are signed in to look only")).to_be_visible()
    phone.to_awaiting_text()
    watched.is_in("awaiting_text")
    watched.reads("What is your new address?")
    expect(watched.page.locator("#link")).to_have_text("live")
    controls = watched.page.locator("main :is(button, input, textarea, select):visible")
    assert controls.count() > 15
    assert all(control.is_disabled() for control in controls.all())
    phone.press("Hang up")
    reader.context.close()
    assert reader.complaints == []
