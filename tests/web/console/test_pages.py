"""What the lists of the console show, with numbers masked, and what may be done from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.console.desk import NASTY, Console, Parsed
from tests.web.house import ANA, BEN, OURS

pytestmark = pytest.mark.anyio


async def test_the_live_list_shows_each_session_with_its_state(console: Console) -> None:
    """A table named Sessions, a row each, newest first, the state's word alone in a cell."""
    await console.api.session(ANA)
    await console.api.clock.advance(1)
    await console.api.session(BEN, call_state="ended", thread_state="open")
    await console.api.session("+15550109999", call_state="ended")
    page = Parsed((await (await console.signed_in()).get("/")).text)
    assert len(page.all("table", aria_label="Sessions")) == 1
    assert len([row for row in page.all("tr") if "data-id" in row]) == 2
    words = [word for word in page.words if word in {"in_call", "text_only", "ended"}]
    assert words[-2:] == ["text_only", "in_call"]
    assert page.all("input", type="search", aria_label="Search")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=0101234", {ANA}),
        ("q=%2B1%20555%20010%205678", {BEN}),
        ("q=text+only", {BEN}),
        ("state=in_call", {ANA}),
        ("state=nonsense", {ANA, BEN}),
        ("assistant=text-only", set()),
        ("problems=1", {BEN}),
        ("q=%3Cscript%3E", set()),
        ("q=%00", set()),
    ],
)
async def test_the_list_is_filtered(console: Console, query: str, found: set[str]) -> None:
    """By a part of a number, by a state's word, by assistant and by problems; nonsense breaks nothing."""
    await console.api.session(ANA)
    error = {"code": 30005, "reason": "unknown_number", "text_id": "T1"}
    await console.api.session(BEN, call_state="ended", thread_state="open", last_text_error=error)
    browser = await console.signed_in()
    for path in ("/", "/parts", "/live.json", "/live.csv"):
        answer = await browser.get(f"{path}?{query}")
        assert answer.status_code == 200
        shown = {number for number in (ANA, BEN) if f"{number[:5]}•••{number[-4:]}" in answer.text}
        assert shown == found


async def test_long_lists_come_in_pages(console: Console) -> None:
    """Fifty rows, a link to older ones, and a file with them all."""
    for n in range(60):
        await console.api.session(f"+1555010{n:04d}")
        await console.api.clock.advance(0.01)
    browser = await console.signed_in()
    first = (await browser.get("/")).text
    assert first.count("<tr data-id") == 50
    older = next(link for link in Parsed(first).all("a") if link.get("rel") == "next")
    rest = (await browser.client.get(str(older["href"]))).text
    assert rest.count("<tr data-id") == 10
    assert len((await browser.get("/live.csv")).text.splitlines()) == 61
    assert (await browser.get("/?cursor=nonsense")).status_code == 422


async def test_numbers_are_masked_until_someone_asks(
    console: Console, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """In pages, files and context; asking is on record with the name, holds for that visit, and is undone."""
    session_id = await console.api.session(context={"call me at": f"home: {BEN}", BEN: "friend"})
    await console.api.refusal("SM1")
    browser, other = await console.signed_in(name="Mia"), await console.signed_in()
    paths = ["/", "/live.json", "/live.csv", f"/sessions/{session_id}", f"/sessions/{session_id}.json"]

    async def seen(by: Any) -> list[bool]:
        return [ANA in (answer := (await by.get(path)).text) or BEN in answer for path in paths]

    assert not any(await seen(browser))
    assert OURS in (await browser.get(f"/sessions/{session_id}")).text
    answer = await browser.post(
        "/reveal", data={"csrf": await browser.csrf(), "reveals": "1", "next": "/console/flow"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/flow")
    assert all(await seen(browser))
    assert not any(await seen(other))
    log = capsys.readouterr().out
    assert "console.numbers_revealed" in log
    assert "console: Mia (api_token)" in log
    assert ANA not in log
    await browser.post("/reveal", data={"csrf": await browser.csrf(), "reveals": "0"})
    assert not any(await seen(browser))


async def test_a_reading_token_may_see_numbers(console: Console) -> None:
    """It looks; whole numbers are a matter of looking, and on record."""
    await console.api.session()
    browser = await console.signed_in("reading-token")
    await browser.post("/reveal", data={"csrf": await browser.csrf(), "reveals": "1"})
    assert ANA in (await browser.get("/")).text


async def test_an_action_stands_on_record_with_who_asked(console: Console) -> None:
    """The desk is told the name and the token's, and gets the action as the API would."""
    session_id = await console.api.session()
    browser = await console.signed_in(name="Mia <b>\n")
    answer = await browser.act(session_id, {"action": "send_text", "text": NASTY})
    assert answer.status_code == 202
    assert console.api.desk.actors == ["console: Mia <b> (api_token)"]
    assert console.api.desk.acts[0]["item"].text == NASTY
    bad = await browser.act(session_id, {"action": "fly"})
    assert (bad.status_code, bad.json()["code"]) == (422, "unknown_action")
    gone = await browser.act("01ARZ3NDEKTSV4RRFFQ69G5FAV", {"action": "end"})
    assert gone.status_code == 404


async def test_a_conversation_is_begun_from_the_page(console: Console) -> None:
    """By text or by phone, as the API opens them."""
    browser = await console.signed_in()
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    body = {"assistant": "support", "to": ANA}
    assert (await browser.post("/messages", json=body, headers=headers)).status_code == 202
    assert (await browser.post("/calls", json=body, headers=headers)).json()["call_sid"] == "CA1"
    assert (await browser.post("/calls", json={"assistant": "x"}, headers=headers)).status_code == 422


async def test_a_customer_is_erased_from_the_page(console: Console) -> None:
    """By the whole number; a number that is none is told, and nothing is lost by it."""
    session_id = await console.api.session()
    browser = await console.signed_in()
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    wrong = await browser.post("/customers/nonsense/erase", json={}, headers=headers)
    assert wrong.status_code == 422
    assert (await browser.get(f"/sessions/{session_id}")).status_code == 200
    done = await browser.post(f"/customers/{ANA}/erase", json={}, headers=headers)
    assert (done.status_code, done.json()["sessions"]) == (200, 1)
    await console.api.clock.advance(3)  # a young session might still be written: it is waited for
    assert (await browser.get(f"/sessions/{session_id}")).status_code == 404


async def test_the_bare_address_leads_to_the_console(console: Console) -> None:
    """For whoever opens what `serve` prints; nothing else is taken there, and no other address is touched."""
    browser = console.browser()
    answer = await browser.client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")
    assert (await browser.client.post("/", data={"CallSid": "CA1"})).status_code == 405
    assert (await browser.client.get("/twilio")).status_code == 404
