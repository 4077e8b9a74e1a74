"""The Phone page: what it asks of the simulation, what it shows of it, and whom it lets do what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from orchestrator.ports.simulation import (
    WITHHELD,
    CannotError,
    FarSide,
    Person,
    PhoneLine,
    PhoneStanding,
    Shown,
)
from tests.web.console.desk import Browser, Console, Parsed, opened
from tests.web.house import ANA, BEN, OURS, Api, problem, wrong

pytestmark = pytest.mark.anyio

LINE: dict[str, Any] = {"at": 1_750_000_000.0, "lane": "voice", "who": "bot"}
PICTURE = f"ME{1:032x}"
MARKUP = "<script>alert(1)</script>"


@dataclass
class FakeSimulation:
    """Remembers what it was asked for. `error` is what it raises."""

    can_move: bool = True
    happened: int = 0
    failing: int = 0
    delaying: float = 0.0
    seen: list[PhoneLine] = field(default_factory=list)
    how: PhoneStanding = field(default_factory=PhoneStanding)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    error: CannotError | None = None
    album: dict[str, bytes] = field(default_factory=dict)
    known: list[Person] = field(default_factory=lambda: [Person(ANA, "Ana"), Person(BEN, "Ben")])

    def far_sides(self) -> Sequence[FarSide]:
        """Two, of which one takes texts only."""
        both = FarSide(assistant="support", phone_number=OURS, text_number=OURS)
        return (both, FarSide(assistant="text-only", text_number=OURS))

    def people(self) -> Sequence[Person]:
        """Those who are known."""
        return tuple(self.known)

    def add(self, person: Person) -> None:
        """Remember them."""
        self._may()
        self.known.append(person)

    def lines(self, number: str) -> Sequence[PhoneLine]:
        """Ana's."""
        return self.seen if number == ANA else ()

    def standing(self, number: str) -> PhoneStanding:
        """Ana's."""
        return self.how if number == ANA else PhoneStanding()

    async def act(self, number: str, action: str, given: Mapping[str, Any]) -> None:
        """Remember it."""
        self._may()
        self.asked.append((number, action, {name: value for name, value in given.items() if value}))

    def fail_next(self, code: int) -> None:
        """Remember it."""
        self.failing = code

    def delay_next(self, seconds: float) -> None:
        """Remember it."""
        self.delaying = seconds

    def keep_picture(self, data: bytes) -> str:
        """Remember it."""
        self._may()
        self.album[PICTURE] = data
        return PICTURE

    def picture(self, id_: str) -> Shown | None:
        """What was kept."""
        return Shown("image/png", self.album[id_]) if id_ in self.album else None

    async def advance(self, seconds: float) -> None:
        """Remember it."""
        self._may()
        self.asked.append(("advance", seconds))

    def _may(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def simulation() -> FakeSimulation:
    """One of its own."""
    return FakeSimulation()


@pytest.fixture
async def browser(api: Api, simulation: FakeSimulation) -> AsyncIterator[Browser]:
    """Somebody who is signed in to a console with phones."""
    async with opened(api, simulation=simulation) as console:
        yield await console.signed_in()


async def post(browser: Browser, path: str, **body: Any) -> httpx.Response:
    """As the page's script posts."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    return await browser.post(f"/phone/{path}", json=body, headers=headers)


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


async def test_a_picture_is_kept_and_shown(browser: Browser, simulation: FakeSimulation) -> None:
    """What the carrier keeps is shown as the picture it is, which can do nothing opened by itself."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*", "Content-Type": "image/png"}
    answer = await browser.post("/phone/pictures", content=b"pixel", headers=headers)
    assert answer.json() == {"id": PICTURE}
    shown = await browser.get(f"/phone/pictures/{PICTURE}")
    assert (shown.content, shown.headers["content-type"]) == (b"pixel", "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert (await browser.get("/phone/pictures/MEnothing", headers={"Accept": "*/*"})).status_code == 404
    simulation.error = CannotError("That cannot be sent: no.")
    told = problem(
        await browser.post("/phone/pictures", content=b"words", headers=headers), 422, "no_picture"
    )
    assert told["detail"] == "That cannot be sent: no."
    problem(
        await browser.post("/phone/pictures", content=bytes(5_300_000), headers=headers), 413, "too_large"
    )


async def test_pictures_and_addresses_stand_beside_a_text(
    browser: Browser, simulation: FakeSimulation
) -> None:
    """The carrier's as pictures; others as links that leave nothing behind, and only where they are of the web."""
    sms: dict[str, Any] = LINE | {"lane": "sms"}
    simulation.seen = [
        PhoneLine(id="e1", text="", pictures=(PICTURE,), status="taken", **sms | {"who": "customer"}),
        PhoneLine(id="e2", text="map", media=("https://m.test/a/map.png", "javascript:alert(1)"), **sms),
    ]
    page = Parsed((await browser.get(f"/phone?number=%2B{ANA[1:]}")).text)
    assert page.all("img")[0]["src"] == f"/console/phone/pictures/{PICTURE}"
    (link,) = page.all("a", href="https://m.test/a/map.png")
    assert link["rel"] == "noopener noreferrer"
    assert {"map.png", "javascript:alert(1)", "delivered"} <= set(page.words)
    assert not [found for found in page.all("a") if str(found.get("href")).startswith("javascript")]


async def test_why_a_text_did_not_arrive_is_told(browser: Browser, simulation: FakeSimulation) -> None:
    """The code in words, and what the text said."""
    simulation.seen = [
        PhoneLine(
            id="e1",
            text="a text was refused at once: 21614",
            code=21614,
            about="Hello",
            **LINE | {"lane": "sms", "who": "trouble"},
        )
    ]
    words = Parsed((await browser.get(f"/phone?number=%2B{ANA[1:]}")).text).words
    assert {"a text was refused at once: 21614", "not a mobile number", "Hello"} <= set(words)


async def test_a_withheld_number_calls_and_sends_no_texts(
    browser: Browser, simulation: FakeSimulation, api: Api
) -> None:
    """Its session is the call's; its handset has no number, and nothing to write with."""
    assert (await post(browser, "people", number=WITHHELD)).json()["number"] == WITHHELD
    assert simulation.known[-1] == Person(WITHHELD, "Withheld")
    assert (await post(browser, "acts", number=WITHHELD, action="call")).status_code == 200
    told = problem(await post(browser, "acts", number=WITHHELD, action="text", body="x"), 409, "cannot")
    assert told["detail"] == "Who withholds the number sends no texts."
    text = (await browser.get(f"/phone?number={WITHHELD}")).text
    assert "number withheld" in text
    assert all("disabled" in found for found in Parsed(text).all("textarea", name="body"))


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
