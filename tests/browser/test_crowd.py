"""Ten thousand live sessions, and two hundred events a second: the live list stays quick."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.place import ROOT, TOKEN, Person, shoot
from tests.servers import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

LIMIT = 0.2
"""Seconds of server time for a first paint, and for a filter."""
ROUNDS = 7
START = 120.0
"""Seconds in which the sessions are written, on a busy machine."""


@pytest.fixture(scope="module")
def crowd() -> Iterator[str]:
    """The address of a service that is full."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "tests.browser.crowd", str(port)], cwd=ROOT)
    try:
        deadline = time.monotonic() + START
        while not _answers(url):
            assert process.poll() is None, "the service ended"
            assert time.monotonic() < deadline, "the service did not come up"
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez").status_code == 200
    except httpx.HTTPError:
        return False


def quickest(url: str, path: str, holds: str) -> tuple[float, float]:
    """Seconds that the service takes for an answer which holds these words: the median of some, and the best."""
    took = []
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {TOKEN}", "Accept": "text/html"}
    ) as client:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200
            assert holds in answer.text
    return statistics.median(took), min(took)


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ("/console/", "older sessions"),
        ("/console/parts?q=5552004321", "data-id"),
        ("/console/parts?q=%2B1555200777", "data-id"),
        ("/console/parts?state=awaiting_text", "older sessions"),
        ("/console/parts?assistant=support", "older sessions"),
        ("/console/parts?problems=1", "No session fits"),
        ("/console/parts?q=nobody+at+all", "No session fits"),
        ("/console/parts?q=words+4321", "data-id"),
        ("/console/parts?q=words", "older sessions"),
        ("/console/texts", "Texts"),
        ("/console/texts?assistant=support", "Texts"),
        ("/console/records?kind=call", "Records"),
        ("/console/records?kind=session&q=5552004321", "Records"),
        ("/console/flow", "Flow"),
        ("/console/traffic", "Traffic"),
    ],
)
def test_a_page_and_each_filter_are_quick(crowd: str, path: str, holds: str) -> None:
    """Within 200 ms of server time; the best of some stands for a machine that does nothing else."""
    median, best = quickest(crowd, path, holds)
    print(f"\n{path}: median {median * 1000:.0f} ms, best {best * 1000:.0f} ms")
    assert best < LIMIT


def test_a_stream_of_events_does_not_freeze_the_page(crowd: str, browser: Browser) -> None:
    """While two hundred events come a second, no task of the page is longer than half a second, a key that is
    typed shows at once, and rows change.
    """
    person = Person.at(browser, crowd).sign_in()
    page = person.open("/console/")
    expect(page.locator("#link")).to_have_text("live")
    page.evaluate(
        """() => {
          window.longest = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
          }).observe({ entryTypes: ["longtask"] });
        }"""
    )
    told: list[int] = []
    stirring = threading.Thread(
        target=lambda: told.append(
            httpx.post(f"{crowd}/crowd/stir?seconds=6&rate=200", timeout=60).json()["done"]
        )
    )
    stirring.start()
    page.wait_for_timeout(1500)
    first = page.locator("table.list tbody tr").first.inner_text()
    search = page.get_by_role("searchbox", name="Search")
    search.focus()
    typed = page.evaluate(
        """async () => {
          const began = performance.now();
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          return performance.now() - began;
        }"""
    )
    page.wait_for_timeout(1000)
    assert page.locator("table.list tbody tr").first.inner_text() != first
    stirring.join()
    longest = page.evaluate("window.longest")
    print(f"\n{told[0]} events; longest task {longest:.0f} ms, a frame after {typed:.0f} ms")
    assert told[0] >= 1000
    assert longest < 500
    assert typed < 500
    expect(page.locator("table.list tbody tr")).to_have_count(50)
    shoot(page, "live-crowd-1440-light", full=False)
    person.context.close()
    assert person.complaints == []


def test_a_search_finds_one_of_ten_thousand(crowd: str, browser: Browser) -> None:
    """By typing a part of the number; the row is there, alone."""
    person = Person.at(browser, crowd).sign_in()
    page = person.open("/console/")
    page.get_by_role("searchbox", name="Search").fill("555 200 4321")
    rows = page.get_by_role("table", name="Sessions").locator("tbody tr")
    expect(rows).to_have_count(1)
    person.context.close()
