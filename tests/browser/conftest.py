"""A browser for each file of tests, and a service for those that share one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.place import Person, chromium, served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's chromium. Its driver keeps an event loop, so that no async test may stand in these files."""
    with sync_playwright() as playwright:
        made = chromium(playwright)
        yield made
        made.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of the built-in carrier, for the tests of one file."""
    folder: Path = tmp_path_factory.mktemp("service")
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def visit(browser: Browser, url: str) -> StorageState:
    """The cookie of somebody who signed in, as another browser of theirs would have it."""
    person = Person.at(browser, url).sign_in()
    kept = person.context.storage_state()
    person.context.close()
    return kept


@pytest.fixture
def operator(browser: Browser, url: str, visit: StorageState) -> Iterator[Person]:
    """Somebody who is signed in; at the end the browser has nothing to complain of."""
    person = Person.at(browser, url, storage_state=visit)
    yield person
    person.context.close()
    assert person.complaints == []
