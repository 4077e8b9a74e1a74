"""What came to the number and belongs to a call beside it, however it got there."""

from __future__ import annotations

import pytest

from orchestrator.core.effects import HangUpCall, Say
from orchestrator.core.events import CallEnded, DocumentRequested
from tests.fakes.processes import ANA, Town

pytestmark = pytest.mark.anyio


def fetch(town: Town, sid: str) -> DocumentRequested:
    """The call fetches, by an address that does not say it is beside."""
    return DocumentRequested(id=f"{sid}:r0.1", at=town.clock.now(), call_sid=sid, document=0, round=1)


async def test_a_start_that_waited_for_the_number_opens_beside() -> None:
    """Stored before anyone knew whose the number is: it is handed on, and its fetches are served there."""
    async with Town() as town:
        process = town.process()
        await process.runner.voice("support", ANA, town.call("CA1"))
        await process.runner.take("support", ANA, town.call("CA2"))
        await town.pass_time(3)
        document = await process.runner.voice("support", ANA, fetch(town, "CA2"))
        assert document.call_sid == "CA2"
        assert document.beside
        assert document.verbs == (Say(text="answer 2"),)
        assert len(town.assistant.turns) == 2
        first = (await town.session()).call
        assert first is not None
        assert first.call_sid == "CA1"


async def test_an_end_that_waited_for_the_number_ends_the_call_beside() -> None:
    """Start and end of a short second call, stored one after the other: both reach its own session."""
    async with Town() as town:
        process = town.process()
        await process.runner.voice("support", ANA, town.call("CA1"))
        town.assistant.gate.clear()
        await process.runner.take("support", ANA, town.text("slow"))
        await town.idle()
        over = CallEnded(id="CA2:end", at=town.clock.now(), call_sid="CA2")
        await process.runner.take("support", ANA, town.call("CA2"))
        await process.runner.take("support", ANA, over, call_sid="CA2")
        town.assistant.gate.set()
        await town.pass_time(3)
        events = [ask.request["event"] for ask in town.assistant.asked]
        assert events == ["call_started", "text_reply", "call_started", "call_ended"]
        assert (await town.session()).call_state == "listening"


async def test_a_fetch_of_no_call_of_ours_is_let_go() -> None:
    """Neither the number's call nor one beside it: the failure message, and the end."""
    async with Town() as town:
        process = town.process()
        document = await process.runner.voice("support", ANA, fetch(town, "CA9"))
        assert isinstance(document.ending, HangUpCall)
        assert town.assistant.asked == []
        assert not await town.store.exists(town.address.beside("CA9"))
