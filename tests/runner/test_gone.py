"""Work of an assistant that this process is not configured for: it was removed, or a newer configuration has it."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes.carrier import not_sent
from tests.fakes.processes import ANA, Town
from tests.runner.test_poison import dead_letters

pytestmark = pytest.mark.anyio

LONG = 120
"""Seconds: more leases than an event may have."""


async def stay_alone(town: Town, process: Any) -> None:
    """Every process but this one is gone for long, then it is too; what it logs is no failure, and seldom anything."""
    for other in town.processes:
        other.life.dead = other is not process
    with capture_logs() as logs:
        await town.pass_time(LONG)
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    assert len(logs) <= LONG / 10
    process.life.dead = True


async def test_a_text_waits_for_a_process_that_knows_its_assistant() -> None:
    """It is left as it was, not given up, and answered by the next process that is configured for it."""
    async with Town() as town:
        first, other = town.process(), town.process("sales")
        first.life.ends_at = ("store.commit", "before")
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        await stay_alone(town, other)
        assert await dead_letters(town) == []
        town.process()
        await town.pass_time(40)
        assert town.carrier.bodies == ["answer 1"]
        assert len(town.assistant.turns) == 1
        assert await town.left() == []


async def test_an_outbox_entry_waits_for_a_process_that_knows_its_assistant() -> None:
    """An attempt that failed is followed by one of a process that can make it, once."""
    async with Town() as town:
        first, other = town.process(), town.process("sales")
        town.carrier.ahead = [not_sent()]
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert town.carrier.bodies == []
        await stay_alone(town, other)
        town.process()
        await town.pass_time(40)
        assert town.carrier.bodies == ["answer 1"]
        assert await town.left() == []


async def test_an_outbox_entry_whose_time_is_over_waits_for_nobody() -> None:
    """It is given up where it is looked at, as a dead letter; of an assistant that was removed none goes round for good."""
    async with Town(text_ttl=60.0) as town:
        first, other = town.process(), town.process("sales")
        town.carrier.ahead = [not_sent()]
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        await stay_alone(town, other)
        assert len(await dead_letters(town)) == 1
        assert [due for due in await town.left() if due.startswith("o")] == []
        assert town.carrier.bodies == []


async def test_a_lost_attempt_waits_for_a_process_that_knows_its_assistant() -> None:
    """Whether the carrier took a text is looked up by a process that can, and by no other."""
    async with Town() as town:
        first, other = town.process(), town.process("sales")
        first.life.ends_at = ("carrier.send_message", "after")
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        await stay_alone(town, other)
        town.process()
        await town.pass_time(60)
        assert town.carrier.bodies == ["answer 1"]
        assert await town.left() == []


async def test_a_timer_waits_for_a_process_that_knows_its_assistant() -> None:
    """A session whose time is over stays as it is while nobody is there to end it."""
    async with Town() as town:
        first, other = town.process(), town.process("sales")
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        before = await town.session()
        assert before.timers
        await town.clock.advance(max(before.timers.values()) - town.clock.now())
        await stay_alone(town, other)
        assert await town.session() == before
        town.process()
        await town.pass_time(5)
        assert (await town.session()).timers == {}
