"""The bound around an assistant."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.assistants.bounded import BoundedAssistant
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from tests.fakes.clock import settle


class Stuck:
    """Answers only when `go` is set; counts how many it is asked at once."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def ask(self, ask: AskAssistant, heard: object = None) -> AssistantReplied:
        """Wait, then answer nothing."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go.wait()
        self.inside -= 1
        return AssistantReplied(id="r", at=0.0, turn_id=ask.turn_id)

    async def close(self) -> None:
        """Nothing is held."""


def turn(name: str) -> AskAssistant:
    """A question."""
    return AskAssistant(turn_id=name, request={})


@pytest.mark.anyio
async def test_a_stuck_assistant_fills_its_own_room_only() -> None:
    """Two are asked at once, the others wait in order; at two and one it says that it is full."""
    stuck = Stuck()
    bounded = BoundedAssistant(stuck, concurrent=2, waiting=1)
    asked = [asyncio.ensure_future(bounded.ask(turn(str(place)))) for place in range(2)]
    await settle()
    assert not bounded.is_full()
    assert bounded.is_full(arriving=1)
    asked.append(asyncio.ensure_future(bounded.ask(turn("2"))))
    await settle()
    assert bounded.is_full()
    stuck.go.set()
    answers = await asyncio.gather(*asked)
    assert [answer.turn_id for answer in answers] == ["0", "1", "2"]
    assert stuck.most == 2
    assert not bounded.is_full()


@pytest.mark.anyio
async def test_what_was_taken_is_never_refused() -> None:
    """Twenty turns that were taken elsewhere are asked, two at once, though only one more may wait."""
    stuck = Stuck()
    bounded = BoundedAssistant(stuck, concurrent=2, waiting=1)
    asked = [asyncio.ensure_future(bounded.ask(turn(str(place)))) for place in range(20)]
    await settle()
    stuck.go.set()
    answers = await asyncio.gather(*asked)
    assert [answer.turn_id for answer in answers] == [str(place) for place in range(20)]
    assert stuck.most == 2


@pytest.mark.anyio
async def test_a_caller_does_not_wait_for_ever() -> None:
    """A turn of a live call that gets no place in time is `overloaded`, and leaves the room."""
    stuck = Stuck()
    bounded = BoundedAssistant(stuck, concurrent=1, waiting=1, live_wait=0.01)
    first = asyncio.ensure_future(bounded.ask(turn("first")))
    await settle()
    with pytest.raises(AssistantError, match="overloaded") as refused:
        await bounded.ask(AskAssistant(turn_id="caller", request={}, live=True))
    assert not refused.value.retryable
    assert not bounded.is_full()
    stuck.go.set()
    await first
