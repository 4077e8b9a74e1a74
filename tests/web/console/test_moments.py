"""How moments are told in lists, and how a page that there is not looks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestrator.web.console.pages import Pages
from tests.web.console.desk import Console, Parsed

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("zone", "at", "told", "whole"),
    [
        ("UTC", "2026-11-24T00:29:07.5Z", "00:29:07", "2026-11-24 00:29:07"),
        ("UTC", "2026-11-23T23:59:59Z", "23 Nov, 23:59", "2026-11-23 23:59:59"),
        ("UTC", "2025-03-02T08:05:00Z", "2 Mar 2025, 08:05", "2025-03-02 08:05:00"),
        ("America/New_York", "2026-11-24T00:29:07Z", "19:29:07", "2026-11-23 19:29:07"),
        ("America/New_York", "2026-11-24T06:00:00Z", "24 Nov, 01:00", "2026-11-24 01:00:00"),
    ],
)
def test_a_moment_is_as_short_as_it_can_be(zone: str, at: str, told: str, whole: str) -> None:
    """The time alone is of today where the service is; whole it is when pointed at, and for programs."""
    page = Parsed(Pages(zone).moment(at, NOW))
    assert page.words == [told]
    assert page.all("time") == [{"datetime": at, "title": whole}]


def test_no_moment_is_nothing() -> None:
    """Nor is an empty one."""
    assert Pages().moment(None, NOW) == Pages().moment("", NOW) == ""


@pytest.mark.anyio
async def test_a_page_that_there_is_not_has_a_way_on(console: Console) -> None:
    """The pages are at hand for who is signed in, and what is missing is told."""
    browser = await console.signed_in()
    answer = await browser.get("/nothing")
    assert answer.status_code == 404
    page = Parsed(answer.text)
    assert {"There is no such page.", "Live", "Sign out"} <= set(page.words)
    assert page.all("a", href="/console/records")
