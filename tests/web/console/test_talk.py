"""What the pages show of one conversation that was held: its two lanes, its states, and what may be done now."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from orchestrator.web.console import diagram
from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import BASE, NUMBER, World
from tests.web.console.desk import NASTY, PAGE, Parsed

pytestmark = pytest.mark.anyio

Sight = Callable[[str], Any]


@pytest.fixture
async def talk() -> AsyncIterator[tuple[World, Sight, str]]:
    """A conversation over call and texts in the whole house, and a signed-in look at its console."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text(f"Hello {NASTY}")],
            [ask_for_text("Your address, “please”?", say="I am texting you.", keep_as="address")],
            {"responses": [text("Thank you.")], "context": {"_own": 1, "n": {"deep": NASTY}}},
            [],
        )
        await ana.call(NUMBER)
        await ana.say(NASTY)
        await world.idle()
        await ana.text(NASTY, to=NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        await world.clock.advance(1)
        session = await world.session()
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(world.service.app), base_url=BASE, headers=PAGE
        )
        await client.post("/console/sign-in", data={"token": "api-token"})

        async def get(path: str) -> httpx.Response:
            return await client.get(f"/console{path}")

        yield world, get, session["id"]
        await client.aclose()


async def test_each_answer_is_told_also_where_it_changed_the_context(talk: tuple[World, Sight, str]) -> None:
    """What changed stands beside the answer's words, and hides none of them."""
    _, get, session_id = talk
    kept = (await get(f"/sessions/{session_id}.json")).json()["events"]
    answers = [line for line in kept if line["type"] == "turn_answered"]
    page = (await get(f"/sessions/{session_id}")).text
    assert answers
    assert page.count("assistant answers") == len(answers)


async def test_a_session_is_told_on_two_lanes(talk: tuple[World, Sight, str]) -> None:
    """Words of bot and customer stand in their lane in order, with the states between them."""
    _, get, session_id = talk
    page = Parsed((await get(f"/sessions/{session_id}")).text)
    assert page.all("div", role="log", aria_label="Timeline")
    lines = [
        (attributes["class"], attributes["data-state"])
        for attributes in page.all("div")
        if "data-line" in attributes
    ]
    said = [
        (str(kind).split()[1:], state) for kind, state in lines if str(kind).endswith(("bot", "customer"))
    ]
    assert said == [
        (["voice", "bot"], "in_call"),
        (["voice", "customer"], "awaiting_text"),
        (["sms", "bot"], "awaiting_text"),
        (["voice", "bot"], "awaiting_text"),
        (["sms", "customer"], "in_call_and_text"),
        (["voice", "bot"], "in_call_and_text"),
    ]


async def test_what_was_said_is_text_and_never_markup(talk: tuple[World, Sight, str]) -> None:
    """A script in speech, texts, answers and context stands there as its letters, on every page."""
    _, get, session_id = talk
    for path in (f"/sessions/{session_id}", "/", "/texts", "/records", "/flow", "/settings"):
        page = Parsed((await get(path)).text)
        assert {str(found.get("src")).partition("?")[0] for found in page.all("script")} == {
            "/console/static/theme.js",
            "/console/static/console.js",
        }
        assert not page.all("img")
        assert not any(
            name.startswith("on") or name == "style" for _, found in page.elements for name in found
        )
    assert NASTY in Parsed((await get(f"/sessions/{session_id}")).text).words
    assert "49" not in Parsed((await get("/texts")).text).words


async def test_pages_load_nothing_from_elsewhere(talk: tuple[World, Sight, str]) -> None:
    """The policy allows only this service, nothing inline; no address on a page leads elsewhere."""
    _, get, session_id = talk
    for path in (f"/sessions/{session_id}", "/", "/sign-in", "/texts", "/flow", "/records", "/settings"):
        answer = await get(path)
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        for _, found in Parsed(answer.text).elements:
            for name in ("src", "href", "action"):
                assert str(found.get(name, "/")).startswith(("/", "#"))


async def test_the_diagram_has_every_state_and_the_present_one_lit(talk: tuple[World, Sight, str]) -> None:
    """One node a word; the moves that were made are marked."""
    _, get, session_id = talk
    page = Parsed((await get(f"/sessions/{session_id}")).text)
    nodes = {found["data-state"]: found for found in page.all("g") if "aria-label" in found}
    assert set(nodes) == {node.word for node in diagram.nodes()}
    lit = [word for word, found in nodes.items() if found.get("aria-current") == "true"]
    assert lit == ["text_only"]
    taken = {(g["data-from"], g["data-to"]) for g in page.all("g") if "taken" in str(g.get("class"))}
    assert taken == {
        ("idle", "in_call"),
        ("in_call", "awaiting_text"),
        ("awaiting_text", "in_call_and_text"),
        ("in_call_and_text", "text_only"),
    }


async def test_what_a_step_changed_stands_beside_it(talk: tuple[World, Sight, str]) -> None:
    """The key with what it was and is; an assistant's own memory is left to the data."""
    _, get, session_id = talk
    page = Parsed((await get(f"/sessions/{session_id}")).text)
    changes = [json.loads(str(found["data-changes"])) for found in page.all("div") if "data-changes" in found]
    assert changes == [{"_own": {"to": 1}, "address": {"to": NASTY}, "n": {"to": {"deep": NASTY}}}]
    assert "address" in page.words
    assert "_own" not in page.words


async def test_what_was_said_is_found(talk: tuple[World, Sight, str]) -> None:
    """Words of anybody, whatever their capitals; words that nobody said find nothing."""
    _, get, session_id = talk
    for words, found in (("THANK you", True), ("alert(1)", True), ("nobody said this", False), ("ok", False)):
        assert (session_id in (await get(f"/parts?q={words}")).text) is found


async def test_actions_allowed_now_are_buttons(talk: tuple[World, Sight, str]) -> None:
    """Named after the action; what the state forbids has none. A human may take an open session over."""
    world, get, session_id = talk
    allowed = (await world.session())["allowed"]
    page = Parsed((await get(f"/sessions/{session_id}")).text)
    buttons = [found["data-action"] for found in page.all("button") if "data-action" in found]
    assert set(buttons) == {*allowed, "take_over"}
    assert {"Send text", "Ask for text", "Switch channel", "Set context", "End", "Take over"} <= set(
        page.words
    )
    assert "Hang up" not in page.words


async def test_a_session_that_a_human_has_says_so_and_can_be_given_back(
    talk: tuple[World, Sight, str],
) -> None:
    """The button is `Release` then, and the head tells who answers."""
    world, get, session_id = talk
    await world.desk.act(session_id, "take_over", None, actor="console:Eve")
    await world.idle()
    page = Parsed((await get(f"/sessions/{session_id}")).text)
    assert {"Release", "a human", "a human answers", "console:Eve"} <= set(page.words)
    assert "Take over" not in page.words


async def test_texts_tell_size_and_status(talk: tuple[World, Sight, str]) -> None:
    """Which characters cost segments, and what the carrier said last."""
    _, get, _ = talk
    texts = (await get("/texts.json")).json()["texts"]
    ours = next(entry for entry in texts if entry["direction"] == "outbound")
    assert (ours["size"], ours["status"]) == ("1 segment UCS-2 because of ““” “””", "delivered")
    assert next(entry for entry in texts if entry["direction"] == "inbound")["text"] == NASTY
    assert (await get("/texts.csv")).text.count("\r\n") >= 3


async def test_the_flow_counts_the_moves_of_today(talk: tuple[World, Sight, str]) -> None:
    """Each move with how often it was made; a click leads to the sessions there."""
    _, get, _ = talk
    moves = (await get("/flow.json")).json()["moves"]
    assert {(move["from"], move["to"], move["times"]) for move in moves} == {
        ("idle", "in_call", 1),
        ("in_call", "awaiting_text", 1),
        ("awaiting_text", "in_call_and_text", 1),
        ("in_call_and_text", "text_only", 1),
    }
    page = Parsed((await get("/flow")).text)
    assert page.all("a", href="/console/?state=text_only")


async def test_records_are_listed_by_kind(talk: tuple[World, Sight, str]) -> None:
    """Calls, texts and sessions, on the page and as files; a wrong filter is told in its place."""
    _, get, session_id = talk
    for kind, count in (("call", 1), ("text", 2), ("session", 1)):
        records = (await get(f"/records.json?kind={kind}")).json()["records"]
        assert len(records) == count
        assert (await get(f"/records?kind={kind}")).text.count(f"/console/sessions/{session_id}") == count
        assert len((await get(f"/records.csv?kind={kind}")).text.splitlines()) == count + 1
    assert "No record fits" in (await get("/records?kind=call&since=2031-01-01")).text
    assert 'role="alert"' in (await get("/records?since=nonsense")).text


async def test_settings_tell_where_a_value_came_from_and_no_secret(talk: tuple[World, Sight, str]) -> None:
    """Secrets are set or not set."""
    _, get, _ = talk
    rows = {row["path"]: row for row in (await get("/settings.json")).json()["settings"]}
    assert rows["service.api_token"]["value"] == "set"
    assert rows["service.api_read_token"]["value"] == "not set"
    assert rows["assistants.support.phone.auth_token"]["value"] == "set"
    assert rows["service.retention"]["origin"] == "default"
    assert rows["service.public_url"]["origin"].startswith("tandem.yaml:")
    page = (await get("/settings")).text
    for secret in ("api-token", "carrier-token", "whsec_"):
        assert secret not in page.replace("api-token'", "")


def test_the_diagram_is_drawn_from_the_tables() -> None:
    """A call can end where it may go on by text; nothing leads out of the end but a new session."""
    moves = set(diagram.moves())
    assert {("in_call", "awaiting_text"), ("in_call_and_text", "text_only"), ("text_only", "ended")} <= moves
    assert not any(source == "ended" for source, _ in moves)
    assert ("idle", "dialing") in moves
