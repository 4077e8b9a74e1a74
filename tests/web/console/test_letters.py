"""The Dead letters page: what was given up and why, and what may be done about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.twilio.codes import _VERDICTS
from orchestrator.core.events import RETRY_HOOK, RETRY_TEXT, ActionRequested, Event
from orchestrator.core.items import SendText
from orchestrator.core.numbers import E164
from orchestrator.core.session import Session, to_document
from orchestrator.ports import Commit, Grant, Inboxed
from orchestrator.runner.wire import Letter
from orchestrator.web.console.codes import why
from tests.web.console.desk import NASTY, Browser, Console, Parsed
from tests.web.house import ANA, BEN, Api, problem
from tests.web.test_letters import bury, waiting

pytestmark = pytest.mark.anyio


async def bury_text(
    api: Api, words: str, reason: str = "landline", document: str = "{}", name: str = "T1"
) -> None:
    """A text to Ana that failed."""
    event = ActionRequested(
        id=f"{name}:again", at=api.clock.now(), action=RETRY_TEXT, item=SendText(text=words), actor="operator"
    )
    await _given_up(api, event, reason, document)


async def _given_up(api: Api, event: Event, reason: str, document: str = "{}") -> None:
    address = api.store.address("support", ANA)
    granted = await api.store.accept(address, Letter("support", ANA, event).inboxed(), "token")
    assert isinstance(granted, Grant)
    await api.store.commit(granted, granted.version, Commit(document, consumed=1, dead=reason))


async def listed(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    """The list as JSON."""
    found: list[dict[str, Any]] = (await browser.get(f"/dead-letters.json{query}")).json()["dead_letters"]
    return found


async def press(browser: Browser, letter: str, what: str) -> Any:
    """A button of a row."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    return await browser.post(f"/dead-letters/{letter}/{what}", json={}, headers=headers)


async def test_the_list_tells_what_and_why(console: Console) -> None:
    """Whose, masked; what it is with its words as text; the reason with its meaning; in page and files."""
    await bury_text(console.api, f"{NASTY} call {BEN}")
    browser = await console.signed_in()
    page = await browser.get("/dead-letters")
    (row,) = await listed(browser)
    assert (row["what"], row["reason"], row["meaning"]) == (
        "text",
        "landline",
        "a landline, or a network out of reach",
    )
    assert row["phone_number"] == "+1555•••1234"
    for text in (page.text, json.dumps(row), (await browser.get("/dead-letters.csv")).text):
        assert ANA not in text
        assert BEN not in text
    parsed = Parsed(page.text)
    assert not [script for script in parsed.all("script") if "src" not in script]
    assert not parsed.all("img", src="x")
    assert {"Resend", "Discard"} <= set(parsed.words)


async def test_a_letter_leads_to_its_session(console: Console) -> None:
    """The one of that time: the present one, or the one before it."""
    began = console.api.clock.now()
    for opened_at, wanted in ((began, "S2"), (began + 60, "S1")):
        session = Session(
            id="S2",
            assistant="support",
            customer=E164(ANA),
            opened_at=opened_at,
            previous_session_id="S1",
            last_event_at=began,
        )
        await bury_text(console.api, "hi", document=to_document(session), name=wanted)
        browser = await console.signed_in()
        assert {row["session_id"] for row in await listed(browser)} == {wanted}
        assert f'href="/console/sessions/{wanted}"' in (await browser.get("/dead-letters")).text


async def test_each_kind_is_named(console: Console) -> None:
    """An event that nothing could finish, a report, and what nobody can read."""
    await bury(console.api)
    report = ActionRequested(
        id="R1", at=console.api.clock.now(), action=RETRY_HOOK, context={"type": "turn"}, actor="operator"
    )
    await _given_up(console.api, report, "status_500")
    await bury(console.api, Inboxed("SM9", "not json"))
    told = {(row["what"], row["words"], row["meaning"]) for row in await listed(await console.signed_in())}
    assert told == {
        ("text received", "secret", "no attempt could finish it; the log tells the cause"),
        ("report", "turn", "the webhook answered 500"),
        ("unreadable", "", "no attempt could finish it; the log tells the cause"),
    }


async def test_the_list_is_searched(console: Console) -> None:
    """By a number, a word or a reason; nonsense finds nothing, and is no mistake."""
    await bury_text(console.api, "your parcel", "filtered")
    browser = await console.signed_in()
    for query, found in (("0101234", 1), ("PARCEL", 1), ("filtered", 1), ("%3Cb%3E", 0), ("%00", 0)):
        assert len(await listed(browser, f"?q={query}")) == found
        assert (await browser.get(f"/dead-letters?q={query}")).status_code == 200


async def test_resend_and_discard(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    """One goes back to its customer's inbox, the other is gone; each once, and on record."""
    await bury_text(console.api, "one")
    browser = await console.signed_in(name="Mia")
    (row,) = await listed(browser)
    assert (await press(browser, row["id"], "resend")).status_code == 202
    assert await waiting(console.api) == ["T1:again"]
    problem(await press(browser, row["id"], "resend"), 404, "dead_letter_not_found")
    second = await bury(console.api)
    assert (await press(browser, second, "discard")).status_code == 204
    problem(await press(browser, second, "discard"), 404, "dead_letter_not_found")
    assert await listed(browser) == []
    assert "Nothing was given up." in (await browser.get("/dead-letters")).text
    log = [line for line in capsys.readouterr().out.splitlines() if "console.acted" in line]
    assert ["resend" in log[0], "discard" in log[1], len(log)] == [True, True, 2]
    assert all("console: Mia (api_token)" in line for line in log)


async def test_who_may_only_look_has_no_buttons(console: Console) -> None:
    """The list is shown without them."""
    await bury_text(console.api, "one")
    page = (await (await console.signed_in("reading-token")).get("/dead-letters")).text
    assert "+1555•••1234" in page
    assert "data-resend" not in page
    assert "data-discard" not in page


async def test_the_live_page_leads_there(console: Console) -> None:
    """From the count of errors, and from every page's bar."""
    await bury_text(console.api, "one")
    page = Parsed((await (await console.signed_in()).get("/")).text)
    assert page.all("a", href="/console/dead-letters", **{"class": "bad"})
    assert len(page.all("a", href="/console/dead-letters")) == 2


def test_every_reason_of_the_carrier_has_a_meaning() -> None:
    """Whatever word stands for a code, people read what it means; and what the sender itself gives up for."""
    reasons = {verdict.reason for verdict in _VERDICTS.values()}
    assert {
        reason for reason in {*reasons, "expired", "unresolved", "unknown_outcome"} if not why(reason, "text")
    } == set()
