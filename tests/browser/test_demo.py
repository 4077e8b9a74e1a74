"""`tandem demo` at a terminal: it prints where the phone is, and that opens without a sign-in."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.place import Person, Phone
from tests.cli.terminals import LIMIT, TANDEM, environment
from tests.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/console/phone")


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """What the demo prints of itself at a terminal, once it stays up."""
    port = free_port()
    ours, theirs = pty.openpty()
    command = [TANDEM, "demo", "--port", str(port)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(port))
    os.close(theirs)
    try:
        yield _printed(ours)
    finally:
        process.terminate()
        process.wait(LIMIT)
        os.close(ours)


def _printed(terminal: int) -> str:
    said, deadline = "", time.monotonic() + LIMIT
    while "Join in" not in said:
        assert time.monotonic() < deadline, said
        if select.select([terminal], [], [], 0.2)[0]:
            said += os.read(terminal, 65_536).decode()
    return said


def test_the_demo_is_gone_on_with_in_the_browser(demo: str, browser: Browser) -> None:
    """Ana's conversation of the play stands there; somebody new calls and is asked for a text."""
    found = ADDRESS.search(demo)
    assert found is not None, demo
    person = Person.at(browser, found[1])
    ana = Phone(person.open("/console/phone?number=%2B15550101234"))
    ana.is_in("text_only")
    ana.hears("Your new address is noted.")
    ana.reads("12 Elm Road")
    fresh = Phone(person.open("/console/phone"))
    fresh.is_in("idle")
    fresh.to_awaiting_text()
    fresh.page.get_by_role("link", name="Open the session").click()
    expect(fresh.page.get_by_role("log", name="Timeline")).to_contain_text("What is your new address?")
    person.context.close()
    assert person.complaints == []
