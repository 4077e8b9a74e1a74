"""Every action of the API through the house: what it does to customer and session, once for one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from channels.simulator.handset import Handset
from tests.fakes.bot import text
from tests.fakes.world import API_TOKEN, BASE, NUMBER, World

pytestmark = pytest.mark.anyio
DESK = "+15550109999"
Seen = Callable[[World, Handset], Any]


async def act(world: World, session_id: str, body: dict[str, Any], key: str = "") -> httpx.Response:
    """An action, asked for by HTTP."""
    headers = {"Authorization": f"Bearer {API_TOKEN}"} | ({"Idempotency-Key": key} if key else {})
    transport = httpx.ASGITransport(app=world.service.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        return await client.post(f"/api/v1/sessions/{session_id}/actions", json=body, headers=headers)


async def in_a_call(world: World) -> Handset:
    """A caller who has heard the greeting, and a desk whose phone would ring."""
    world.bot.will([text("Hello.")])
    ana, _ = world.handset(), world.handset(DESK)
    await ana.call(NUMBER)
    await world.idle()
    return ana


IN_CALL: list[tuple[dict[str, Any], str, Seen, Any]] = [
    ({"action": "send_text", "text": "Here it is."}, "in_call_and_text", lambda _, ana: ana.texts, ["Here it is."]),
    (
        {"action": "ask_for_text", "text": "Your address?", "say": "Please text me.", "keep_as": "a"},
        "awaiting_text",
        lambda _, ana: (ana.texts, ana.spoken),
        (["Your address?"], ["Hello.", "Please text me."]),
    ),
    ({"action": "say", "text": "One more thing."}, "in_call", lambda _, ana: ana.spoken, ["Hello.", "One more thing."]),
    (
        {"action": "switch_channel", "to": "sms", "text": "Go on here.", "say": "Bye."},
        "text_only",
        lambda _, ana: (ana.texts, ana.spoken, ana.calls[-1].status),
        (["Go on here."], ["Hello.", "Bye."], "completed"),
    ),
    (
        {"action": "transfer", "to": DESK, "say": "Connecting you."},
        "transferring",
        lambda _, ana: ana.spoken,
        ["Hello.", "Connecting you."],
    ),
    (
        {"action": "hang_up", "say": "Goodbye."},
        "ended",  # no text was sent or taken, so that no thread goes on
        lambda _, ana: (ana.spoken, ana.calls[-1].status),
        (["Hello.", "Goodbye."], "completed"),
    ),
    (
        {"action": "end", "say": "All done."},
        "ended",
        lambda _, ana: (ana.spoken, ana.calls[-1].status),
        (["Hello.", "All done."], "completed"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "state", "seen", "expected"), IN_CALL, ids=lambda value: value["action"] if isinstance(value, dict) else "")  # fmt: skip
async def test_an_action_in_a_call_is_done_once_for_its_key(
    body: dict[str, Any], state: str, seen: Seen, expected: Any
) -> None:
    """It is taken, reaches the customer, leads to its state; the same key again gets the same answer and does nothing."""
    async with World() as world:
        ana = await in_a_call(world)
        session = (await world.session())["id"]
        first = await act(world, session, body, key="k1")
        assert (first.status_code, first.json()["session_id"]) == (202, session)
        await world.idle()
        second = await act(world, session, body, key="k1")
        await world.idle()
        assert (second.status_code, second.json()) == (202, first.json())
        assert second.headers["Idempotent-Replayed"] == "true"
        assert seen(world, ana) == expected
        assert await world.state() == state
        assert world.carrier.faults == []


async def test_set_context_merges_and_deletes_without_a_turn() -> None:
    """Keys are merged at the top level, null deletes, nobody is asked; the next turn has them."""
    async with World() as world:
        ana = await in_a_call(world)
        session = (await world.session())["id"]
        for changes in ({"a": 1, "b": {"c": 2}}, {"a": None, "d": "x"}):
            answer = await act(world, session, {"action": "set_context", "context": changes})
            assert answer.status_code == 202
        assert (await world.session())["context"] == {"b": {"c": 2}, "d": "x"}
        assert len(world.bot.turns) == 1
        await ana.say("hello")
        await world.idle()
        assert world.bot.turns[1]["context"] == {"b": {"c": 2}, "d": "x"}


async def test_switch_to_voice_calls_the_customer_of_a_text_thread() -> None:
    """Out of a text thread the customer's phone rings, once."""
    async with World() as world:
        world.bot.will([text("Hi.")])
        ana = world.handset()
        await ana.text("hello", to=NUMBER)
        session = (await world.session())["id"]
        for _ in range(2):
            answer = await act(world, session, {"action": "switch_channel", "to": "voice"}, key="k1")
            assert answer.status_code == 202
            await world.idle()
        assert await world.state() == "dialing"
        assert len(ana.calls) == 1


@pytest.mark.parametrize("action", ["say", "hang_up", "transfer"])
async def test_what_needs_a_call_is_refused_without_one(action: str) -> None:
    """409 with the state, what it allows, and a hint; nothing is done."""
    async with World() as world:
        world.bot.will([text("Hi.")])
        await world.handset().text("hello", to=NUMBER)
        session = (await world.session())["id"]
        fields = {"say": {"text": "a"}, "transfer": {"to": DESK}}.get(action, {})
        answer = await act(world, session, {"action": action, **fields})
        problem = answer.json()
        assert (answer.status_code, problem["state"]) == (409, "text_only")
        assert action not in problem["allowed"]
        assert problem["hint"]


@pytest.mark.parametrize("action", ["send_text", "hang_up", "take_over"])
async def test_an_ending_session_refuses_what_would_go_on(action: str) -> None:
    """409 `session_ending` until the carrier has hung up; the operator sees it in `allowed`, too."""
    async with World() as world:
        ana = await in_a_call(world)
        world.carrier.trouble.answer_next_request(429, "Calls/")
        session = (await world.session())["id"]
        assert (await act(world, session, {"action": "end", "say": "All done."})).status_code == 202
        seen = await world.session()
        assert (seen["state"], seen["allowed"]) == ("in_call", ["set_context", "end"])
        fields = {"text": "More."} if action == "send_text" else {}
        problem = (await act(world, session, {"action": action, **fields})).json()
        assert (problem["status"], problem["code"]) == (409, "session_ending")
        assert problem["allowed"] == seen["allowed"]
        await world.clock.advance(2)
        assert await world.state() == "ended"
        assert (ana.texts, ana.spoken) == ([], ["Hello.", "All done."])


@pytest.mark.parametrize("action", ["retry_text", "retry_hook", "opt_out"])
async def test_what_only_the_house_does_is_no_action(action: str) -> None:
    """Actions of dead letters and of consent are not to be had here."""
    async with World() as world:
        await in_a_call(world)
        session = (await world.session())["id"]
        answer = await act(world, session, {"action": action, "context": {}})
        assert answer.status_code == 422
