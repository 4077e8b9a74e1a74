"""The Phone page: what it asks of the simulation, what it shows of it, and whom it lets do what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.ports.simulation import (
    CannotError,
    Person,
    PhoneLine,
    PhoneStanding,
)
from tests.web.console.desk import Browser, Console, Parsed, opened
from tests.web.console.simulation import LINE, MARKUP, PICTURE, FakeSimulation, post
from tests.web.house import ANA, BEN, OURS, Api, problem, wrong

pytestmark = pytest.mark.anyio


async def test_without_the_simulator_there_is_no_phone(console: Console) -> None:
    """Neither the page nor a link to it."""
    browser = await console.signed_in()
    assert (await browser.get("/phone")).status_code == 404
    assert 'href="/console/phone"' not in (await browser.get("/")).text


async def test_the_page_has_the_names_that_people_rely_on(browser: Browser) -> None:
    """Buttons, text boxes, logs and the state, each under its name; the keys in their order."""
    page = Parsed((await browser.get("/phone")).text)
    named = {name for _, attributes in page.elements if (name := attributes.get("aria-label"))}
    assert {"Say", "Text", "Voice", "SMS", "State"} <= named
    buttons = {
        "Call",
        "Hang up",
        "Drop the call",
        "Stay silent",
        "Advance 30 seconds",
        "Advance to next timer",
    }
    assert buttons <= set(page.words)
    assert [found["data-key"] for found in page.all("button") if "data-key" in found] == list("123456789*0#")
    assert next(found["for"] for found in page.all("label") if "for" in found) == "fail"
    assert "Fail next text" in page.words


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"action": "call"}, ("call", {"to": OURS})),
        ({"action": "say", "words": "hello"}, ("say", {"to": OURS, "words": "hello"})),
        ({"action": "press", "keys": "12#"}, ("press", {"to": OURS, "keys": "12#"})),
        ({"action": "text", "body": "hi"}, ("text", {"to": OURS, "body": "hi"})),
        ({"action": "hang_up"}, ("hang_up", {"to": OURS})),
        ({"action": "text", "pictures": [PICTURE]}, ("text", {"to": OURS, "pictures": [PICTURE]})),
    ],
)
async def test_a_phone_does_as_it_is_told(
    browser: Browser, simulation: FakeSimulation, given: dict[str, Any], asked: tuple[str, Any]
) -> None:
    """With the assistant's numbers, which the page need not know."""
    answer = await post(browser, "acts", number=ANA, assistant="support", **given)
    assert answer.status_code == 200, answer.text
    assert simulation.asked == [(ANA, *asked)]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"action": "call"}, {"number"}),
        ({"action": "fly", "number": ANA}, {"action"}),
        ({"action": "say", "number": ANA, "words": " "}, {"words"}),
        ({"action": "text", "number": ANA}, {"body"}),
        ({"action": "text", "number": ANA, "body": "x" * 1601}, {"body"}),
        ({"action": "press", "number": ANA, "keys": "1a"}, {"keys"}),
        ({"action": "call", "number": "0555"}, {"number"}),
        ({"action": "call", "number": 5}, {"number"}),
        ({"action": "text", "number": ANA, "pictures": ["../x"]}, {"pictures[0]"}),
        ({"action": "text", "number": ANA, "pictures": [PICTURE] * 11}, {"pictures"}),
    ],
)
async def test_wrong_acts_are_named(browser: Browser, body: dict[str, Any], fields: set[str]) -> None:
    """422 with each field that is not as it should be; nothing is done."""
    assert wrong(await post(browser, "acts", **body)) == fields


async def test_what_cannot_be_done_is_told(browser: Browser, simulation: FakeSimulation) -> None:
    """409 in words for people; so where the assistant takes no calls."""
    told = problem(
        await post(browser, "acts", number=ANA, assistant="text-only", action="call"), 409, "cannot"
    )
    assert told["detail"] == "The assistant text-only takes no calls here."
    simulation.error = CannotError("Not now.")
    for path, body in (
        ("acts", {"number": ANA, "action": "hang_up"}),
        ("people", {"number": BEN}),
        ("clock", {"seconds": 30}),
    ):
        assert problem(await post(browser, path, **body), 409, "cannot")["detail"] == "Not now."


async def test_time_moves_by_seconds_or_to_a_timer(browser: Browser, simulation: FakeSimulation) -> None:
    """Where no timer runs, that is said."""
    assert (await post(browser, "clock", seconds=30)).status_code == 200
    assert simulation.asked == [("advance", 30.0)]
    told = problem(await post(browser, "clock", number=ANA, assistant="support"), 409, "cannot")
    assert told["detail"] == "No timer runs in this session."
    assert wrong(await post(browser, "clock", seconds=-1)) == {"seconds"}


async def test_time_that_cannot_be_moved_has_no_buttons(browser: Browser, simulation: FakeSimulation) -> None:
    """They are switched off, and the page says what it takes."""
    simulation.can_move = False
    text = (await browser.get("/phone")).text
    moves = [found for found in Parsed(text).all("button") if "data-move" in found]
    assert len(moves) == 3
    assert all("disabled" in found for found in moves)
    assert "memory://" in text


async def test_the_next_text_is_made_to_fail(browser: Browser, simulation: FakeSimulation) -> None:
    """And spared again."""
    for code in (30005, 0):
        assert (await post(browser, "faults", code=code)).json()["failing"] == code
        assert simulation.failing == code
    assert (await post(browser, "faults", late=30)).json()["delaying"] == 30
    assert wrong(await post(browser, "faults", late=3601)) == {"late"}


async def test_a_new_customer_is_added(browser: Browser, simulation: FakeSimulation) -> None:
    """By any way of writing the number; a name is printable, and markup in it is text."""
    answer = await post(browser, "people", number="+1 555 010 4444", name=f" Zoe\u0007{MARKUP}")
    assert answer.json()["number"] == "+15550104444"
    assert simulation.known[-1] == Person("+15550104444", f"Zoe{MARKUP}"[:40])
    page = await browser.get("/phone?number=%2B15550104444")
    assert "<script>alert" not in page.text
    assert Parsed(page.text).words.count("Zoe<script>alert(1)</script>") >= 1


async def test_nothing_on_the_page_is_markup(browser: Browser, simulation: FakeSimulation) -> None:
    """Neither what is heard nor an address of a picture, where it leads and what tells so."""
    simulation.seen = [
        PhoneLine(id="e1", text=MARKUP, **LINE),
        PhoneLine(id="e2", text="", media=(f"https://x.test/{MARKUP}",), **LINE | {"lane": "sms"}),
    ]
    page = (await browser.get(f"/phone?number=%2B{ANA[1:]}")).text
    assert MARKUP not in page
    assert page.count("&lt;script&gt;alert(1)") == 3


async def test_the_token_that_reads_does_nothing(api: Api, simulation: FakeSimulation) -> None:
    """It sees the page, with every control switched off."""
    async with opened(api, simulation=simulation) as console:
        reader = await console.signed_in("reading-token")
        page = Parsed((await reader.get("/phone")).text)
        assert all("disabled" in found for found in page.all("button", data_act="call"))
        for path, body in (("acts", {"number": ANA, "action": "call"}), ("clock", {"seconds": 30})):
            problem(await post(reader, path, **body), 403, "read_only")
    assert simulation.asked == []


async def test_a_page_of_another_site_does_nothing(browser: Browser, simulation: FakeSimulation) -> None:
    """Without the word of our pages a request is refused."""
    answer = await browser.post(
        "/phone/acts", json={"number": ANA, "action": "call"}, headers={"Accept": "*/*"}
    )
    problem(answer, 403, "cross_site")
    assert simulation.asked == []


async def first_event(browser: Browser, query: str) -> dict[str, Any]:
    """What the stream tells first."""
    async with browser.client.stream("GET", f"/console/phone/stream?{query}") as answer:
        assert answer.status_code == 200
        text = (await answer.aread()).decode()
    data = next(line for line in text.splitlines() if line.startswith("data: "))
    found: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return found


async def test_the_stream_tells_how_things_stand(
    api: Api, browser: Browser, simulation: FakeSimulation
) -> None:
    """State, call, people and the lines that the page has not: by the session's commit, not by its lists."""
    api.closing = True  # the stream ends after what it tells first
    simulation.how = PhoneStanding(is_calling=True, is_listened_to=True, since=1_750_000_000.0)
    simulation.happened = 2
    simulation.seen = [
        PhoneLine(id="e1", text="shown before", **LINE),
        PhoneLine(id="e2", text="new", **LINE),
        PhoneLine(id="mSM1", text="a text did not arrive: 30005", **LINE | {"lane": "sms", "who": "trouble"}),
    ]
    told = await first_event(browser, f"number=%2B{ANA[1:]}&assistant=support&after=1")
    assert (told["word"], told["calling"], told["listening"]) == ("idle", True, True)
    assert [one["name"] for one in told["people"]] == ["Ana", "Ben"]
    assert "new" in told["lines"]["voice"]
    assert "shown before" not in told["lines"]["voice"]
    assert "did not arrive" in told["lines"]["sms"]


async def test_a_stream_is_of_a_phone_that_there_is(browser: Browser) -> None:
    """422 for any other number."""
    answer = await browser.get("/phone/stream?number=%2B15559999999", headers={"Accept": "*/*"})
    assert wrong(answer) == {"number"}


async def test_who_is_in_a_call_is_shown_first(
    browser: Browser, simulation: FakeSimulation, api: Api
) -> None:
    """Else the first without a session."""
    assert "Phone of Ana" in (await browser.get("/phone")).text
    simulation.known.reverse()
    assert "Phone of Ben" in (await browser.get("/phone")).text
    simulation.how = PhoneStanding(is_calling=True)
    assert "Phone of Ana" in (await browser.get("/phone")).text
