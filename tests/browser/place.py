"""A service with its console in the background, and people who look at it with the system's chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from config.sample import sample
from tests.cli.terminals import TANDEM, environment, in_background
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "screenshots"
"""Where pictures of a run are kept, whether it goes well or not."""
TOKEN = "the-api-token"
READING = "the-reading-token"
CHROMIUM = shutil.which("chromium") or "chromium"
PATIENCE = 15_000
"""Milliseconds for anything to show, on a busy machine."""
WIDTHS = {390: 844, 1440: 900}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}

expect.set_options(timeout=PATIENCE)


def chromium(playwright: Playwright) -> Browser:
    """The system's browser, without a screen."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )


@contextmanager
def served(folder: Path, text: str = "") -> Iterator[str]:
    """`tandem serve` on the built-in carrier while the block runs; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    text = text or sample("simulator.yaml")
    text = text.replace("http://127.0.0.1:8080", url)
    text = text.replace("service:\n", f"service:\n  api_read_token: {READING}\n", 1)
    (folder / "tandem.yaml").write_text(text, encoding="utf-8")
    command = [TANDEM, "serve", "--port", str(port)]
    with in_background(command, folder, environment(port, TANDEM_API_TOKEN=TOKEN), f"{url}/livez"):
        yield url


@dataclass
class Person:
    """Somebody at a browser of their own. `complaints` is what the browser's console says."""

    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, browser: Browser, url: str, **more: Any) -> Person:
        """A new one, not signed in."""
        options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | more
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        person = cls(context, url)
        context.on(
            "console", lambda said: person.complaints.append(said.text) if _is_bad(said.type) else None
        )
        context.on("weberror", lambda error: person.complaints.append(str(error.error)))
        return person

    def sign_in(self, token: str = TOKEN) -> Person:
        """By the page, as a person does."""
        page = self.context.new_page()
        page.goto(f"{self.url}/console/sign-in")
        page.get_by_role("textbox", name="API token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{self.url}/console/")
        page.close()
        return self

    def open(self, path: str = "/console/") -> Page:
        """A page, once it has loaded."""
        page = self.context.new_page()
        page.goto(f"{self.url}{path}")
        return page


def _is_bad(kind: str) -> bool:
    return kind in {"error", "warning"}


class Phone:
    """The Phone page by the names that people and screen readers rely on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state = page.get_by_role("status", name="State", exact=True)
        self.voice = page.get_by_role("log", name="Voice", exact=True)
        self.sms = page.get_by_role("log", name="SMS", exact=True)
        self.say = page.get_by_role("textbox", name="Say", exact=True)
        self.text = page.get_by_role("textbox", name="Text", exact=True)
        self.fail = page.get_by_role("combobox", name="Fail next text", exact=True)

    def press(self, name: str) -> None:
        """A button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def says(self, words: str) -> None:
        """Speak by typing."""
        self.say.fill(words)
        self.say.press("Enter")

    def writes(self, words: str) -> None:
        """Send a text."""
        self.text.fill(words)
        self.text.press("Enter")

    def is_in(self, state: str) -> None:
        """Wait until the session is in this state."""
        expect(self.state).to_have_text(state)

    def hears(self, words: str) -> None:
        """Wait until the call says this."""
        expect(self.voice).to_contain_text(words)

    def reads(self, words: str) -> None:
        """Wait until a text holds this."""
        expect(self.sms).to_contain_text(words)

    def session(self) -> str:
        """The address of the session beside it."""
        link = self.page.get_by_role("link", name="Open the session")
        return str(link.get_attribute("href"))

    def to_awaiting_text(self) -> None:
        """Call, and speak, so that the assistant asks for a text."""
        self.press("Call")
        self.hears("How can I help?")
        self.says("I moved house")
        self.is_in("awaiting_text")
        self.reads("What is your new address?")

    def whole_conversation(self, address: str = "12 Main St, Apt 4") -> None:
        """From the call to the thread that goes on after it."""
        self.to_awaiting_text()
        self.writes(address)
        self.is_in("in_call_and_text")
        self.hears(f"I have {address}. Is that right?")
        self.says("yes")
        self.hears("Your new address is noted.")
        self.press("Hang up")
        self.is_in("text_only")
        self.writes("Where is your shop?")
        self.reads("12 Elm Road")


def serious(page: Page) -> list[str]:
    """What axe finds on a page that is serious or critical, each with where."""
    session = page.context.new_cdp_session(
        page
    )  # by the debugger: the page's own policy runs no foreign script
    try:
        session.send("Runtime.evaluate", {"expression": AXE})
        asked = {
            "expression": "axe.run(document, {resultTypes: ['violations']}).then((found) => JSON.stringify("
            "found.violations.map(({id, impact, nodes}) => ({id, impact, where: nodes.map(({html}) => html)}))))",
            "awaitPromise": True,
            "returnByValue": True,
        }
        told = session.send("Runtime.evaluate", asked)
    finally:
        session.detach()
    found: list[dict[str, Any]] = json.loads(told["result"]["value"])
    return [
        f"{each['id']} ({each['impact']}): {'; '.join(each['where'])[:300]}"
        for each in found
        if each["impact"] in SERIOUS
    ]


def shoot(page: Page, name: str, *, full: bool = True) -> Path:
    """Keep a picture of the page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    file = SHOTS / f"{name}.png"
    page.screenshot(path=file, full_page=full)
    return file
