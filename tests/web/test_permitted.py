"""What a session shows as `allowed` is what its actions are answered by, in each state that people see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from orchestrator.core.session import Word
from tests.fakes.world import ANA, NUMBER, World
from tests.web.house import problem
from tests.web.test_whole import Place

pytestmark = pytest.mark.anyio

DESK = "+15550109999"
ACTIONS: dict[str, dict[str, Any]] = {
    "send_text": {"text": "x"},
    "ask_for_text": {"text": "x"},
    "say": {"text": "x"},
    "switch_channel": {"to": "sms"},
    "transfer": {"to": DESK},
    "hang_up": {},
    "set_context": {"context": {"a": 1}},
    "end": {},
}
ALLOWED: dict[Word, str] = {
    "dialing": "send_text ask_for_text set_context end",
    "in_call": "send_text ask_for_text say switch_channel transfer hang_up set_context end",
    "in_call_and_text": "send_text ask_for_text say switch_channel transfer hang_up set_context end",
    "awaiting_text": "send_text say switch_channel transfer hang_up set_context end",
    "transferring": "send_text ask_for_text set_context end",
    "text_only": "send_text ask_for_text switch_channel set_context end",
    "ended": "",
}
"""The table of the contract, written out by state."""


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """A house of its own."""
    async with World() as world:
        made = Place(world)
        yield made
        await made.client.aclose()


async def act(place: Place, action: str, **fields: Any) -> Any:
    """An action in the only session."""
    session_id = (await place.world.session())["id"]
    return await place.post(f"/sessions/{session_id}/actions", {"action": action, **fields})


async def check(place: Place, state: Word) -> None:
    """The session is in this state, shows what the table says, and forbids the rest with the same list."""
    session = await place.world.session()
    allowed = ALLOWED[state].split()
    assert (session["state"], session["allowed"]) == (state, allowed)
    for action in ACTIONS.keys() - {*allowed}:
        answer = await act(place, action, **ACTIONS[action])
        code = "already_asked" if (state, action) == ("awaiting_text", "ask_for_text") else "not_allowed"
        body = problem(answer, 409, code)
        assert (body["state"], body["allowed"]) == (state, allowed), action
        assert body["hint"]
    if allowed:
        assert (await act(place, "set_context", context={"seen": state})).status_code == 202


async def test_each_state_permits_what_it_shows(place: Place) -> None:
    """Through a call of ours, texts in it, a question, a transfer, and on by text to the end."""
    ana = place.world.handset(ANA)
    ana.set_answers(None)
    place.world.handset(DESK).set_answers(None)
    placing = await place.post("/calls", {"assistant": "support", "to": ANA})
    assert placing.status_code == 202
    await check(place, "dialing")
    await ana.answer()
    await place.world.idle()
    await check(place, "in_call")
    await act(place, "send_text", text="x")
    await check(place, "in_call_and_text")
    await act(place, "ask_for_text", text="x")
    await check(place, "awaiting_text")
    await ana.text("Here it is", to=NUMBER)
    await place.world.idle()
    await check(place, "in_call_and_text")
    await act(place, "transfer", to=DESK)
    await check(place, "transferring")
    await ana.hang_up()
    await place.world.idle()
    await check(place, "text_only")
    await act(place, "end")
    await check(place, "ended")
