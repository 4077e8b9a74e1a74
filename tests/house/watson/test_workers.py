"""Several workers and one Watson: whoever takes a turn goes on where the last one was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assistants.watson.service import Talk
from tests.fakes.processes import ANA, Town
from tests.fakes.watson import FakeWatson, set_by_node

pytestmark = pytest.mark.anyio


async def test_any_worker_goes_on_with_the_conversation() -> None:
    """Two processes ask in one session of Watson's, and the command that the first one ran is not run by the second."""
    watson, town = FakeWatson(), _town()
    action = {"command": "smsActSendMedia", "parameters": {"mediaURL": ["https://x.example/p.png"]}}
    watson.will({"output": {"generic": []}, "context": set_by_node(smsAction=action)})
    async with town:
        for number in range(2):
            town.assistant = Talk(watson, clock=town.clock).assistant
            process = town.process()
            await process.runner.take("support", ANA, town.text(f"text {number}"))
            await town.idle()
        assert watson.heard() == ["text 0", "text 1"]
        assert list(watson.sessions) == ["session-1"]
        assert len(town.carrier.taken) == 1


async def test_a_turn_that_a_crash_cut_off_is_asked_again_with_what_was_kept() -> None:
    """The worker that takes it up knows the session, and the turn has its id."""
    watson, town = FakeWatson(), _town()
    async with town:
        town.assistant = Talk(watson, clock=town.clock).assistant
        first, second = town.process(), town.process()
        await first.runner.take("support", ANA, town.text("one"))
        await town.idle()
        first.life.ends_at = ("assistant.ask", "after")
        await first.runner.take("support", ANA, town.text("two"))
        await town.idle()
        await town.pass_time(40)
        assert second.life.dead is False
        assert watson.heard() == ["one", "two", "two"]
        assert list(watson.sessions) == ["session-1"]
        assert watson.variables(1)["tandem_turn_id"] == watson.variables(2)["tandem_turn_id"]


def _town() -> Any:
    return Town()
