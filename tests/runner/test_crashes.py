"""A process dies at any point: another one finishes, with one turn and one text."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.core.effects import Continue, Document, Say
from orchestrator.core.events import DocumentRequested, SpeechHeard
from orchestrator.core.items import ForceTurn, Text
from tests.fakes.processes import ANA, Process, Town

pytestmark = pytest.mark.anyio

POINTS = [
    ("store.accept", "after"),
    ("assistant.ask", "before"),
    ("assistant.ask", "after"),
    ("store.commit", "before"),
    ("store.commit", "after"),
    ("carrier.send_message", "before"),
    ("carrier.send_message", "after"),
    ("store.settle", "before"),
    ("store.settle", "after"),
]


@pytest.mark.parametrize("point", POINTS, ids=["-".join(point) for point in POINTS])
async def test_a_text_is_answered_once_though_its_process_died(point: tuple[str, str]) -> None:
    """Whatever the dying call: one turn, asked again under its id at most, and one text."""
    async with Town() as town:
        first, second = town.process(), town.process()
        first.life.ends_at = point
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.idle()
        assert first.life.dead
        await town.pass_time(90)
        taking.cancel()
        assert town.carrier.bodies == ["answer 1"]
        assert len(town.assistant.turns) == 1
        assert len(town.assistant.asked) <= 2
        session = await town.session()
        assert (session.turn, session.thread.texts_sent) == (None, 1)
        assert await town.left() == []
        await second.close()


@pytest.mark.parametrize("point", POINTS[:4], ids=["-".join(point) for point in POINTS[:4]])
async def test_up_to_the_commit_another_process_is_done_within_half_a_minute(point: tuple[str, str]) -> None:
    """Where nothing can have been sent nothing is searched: the lease's 15 s, and a look."""
    async with Town() as town:
        first, _ = town.process(), town.process()
        first.life.ends_at = point
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.idle()
        await town.pass_time(30)
        taking.cancel()
        assert town.carrier.bodies == ["answer 1"]


async def test_a_text_before_its_acceptance_is_not_half_there() -> None:
    """A process that dies before it stored the text leaves nothing; the carrier's retry is the first."""
    async with Town() as town:
        first, second = town.process(), town.process()
        first.life.ends_at = ("store.accept", "before")
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.idle()
        await town.pass_time(20)
        taking.cancel()
        assert town.assistant.asked == []
        assert await second.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert town.carrier.bodies == ["answer 1"]


@pytest.mark.parametrize("point", [("assistant.ask", "before"), ("store.commit", "after")])
async def test_a_call_goes_on_with_another_process(point: tuple[str, str]) -> None:
    """The process that was asked for a greeting died: the carrier's retry at another one gets the
    answer, and the assistant saw one turn.
    """
    async with Town() as town:
        first, second = town.process(), town.process()
        first.life.ends_at = point
        event = town.call()
        lost = asyncio.ensure_future(first.runner.voice("support", ANA, event))
        await town.idle()
        assert first.life.dead
        again = asyncio.ensure_future(second.runner.voice("support", ANA, event))
        await town.pass_time(25)
        document = await again
        lost.cancel()
        assert len(town.assistant.turns) == 1
        session = await town.session()
        assert session.call is not None
        assert session.call.newest is not None
        assert Say(text="answer 1") in session.call.newest.verbs
        assert document.call_sid == "CA1"


@pytest.mark.parametrize("point", [("assistant.ask", "before"), ("store.commit", "before")])
async def test_who_waits_for_an_answer_hears_it_before_having_the_floor(point: tuple[str, str]) -> None:
    """The process that was answering the caller died: at the other one the call keeps fetching until the
    answer is there, and is not left to listen in silence first.
    """
    async with Town() as town:
        first, second = town.process(), town.process()
        greeted = asyncio.ensure_future(first.runner.voice("support", ANA, town.call()))
        await town.idle()
        await greeted
        first.life.ends_at = point
        said = SpeechHeard(id="CA1:1", at=town.clock.now(), call_sid="CA1", document=1, utterance="Hello?")
        lost = asyncio.ensure_future(first.runner.voice("support", ANA, said))
        await town.idle()
        assert first.life.dead
        heard = [await _answered(town, second, said)]
        while isinstance(heard[-1].ending, Continue) and len(heard) < 20:
            turn = heard[-1].ending.round
            fetch = DocumentRequested(
                id=f"CA1:1:{turn}", at=town.clock.now(), call_sid="CA1", document=1, round=turn
            )
            heard.append(await _answered(town, second, fetch))
        lost.cancel()
        assert heard[-1].verbs == (Say(text="answer 2"),)


async def _answered(town: Town, process: Process, event: SpeechHeard | DocumentRequested) -> Document:
    """The document of a request; the carrier plays it for a second."""
    asking = asyncio.ensure_future(process.runner.voice("support", ANA, event))
    while not asking.done():
        await town.clock.advance(0.1)
    await town.clock.advance(1)
    return await asking


async def test_a_turn_that_outlived_its_filler_is_asked_again_as_it_was() -> None:
    """The process died after the filler was committed: the turn goes on under its id, and is spoken."""
    async with Town() as town:
        first, _ = town.process(), town.process()
        town.assistant.gate.clear()
        voice = asyncio.ensure_future(first.runner.voice("support", ANA, town.call()))
        await town.pass_time(6)
        assert (await voice).verbs == (Say(text="One moment, please."),)
        await first.close()
        town.assistant.gate.set()
        await town.pass_time(25)
        assert len(town.assistant.turns) == 1
        assert len(town.assistant.asked) == 2
        assert [ask.request for ask in town.assistant.asked[:1]] == [
            ask.request for ask in town.assistant.asked[1:]
        ]
        session = await town.session()
        assert (session.turn, session.call_state) == (None, "listening")


@pytest.mark.parametrize(
    "point", [("assistant.ask", "after"), ("store.commit", "before"), ("store.commit", "after")]
)
async def test_a_turn_that_the_assistant_asked_for_is_made_by_another_process(point: tuple[str, str]) -> None:
    """Before the commit that holds it the first turn is asked again; after it the second one goes on."""
    async with Town() as town:
        again = (Text(text="one"), ForceTurn())
        town.assistant.answers = [again] if point == ("store.commit", "after") else [again, again]
        first, _ = town.process(), town.process()
        first.life.ends_at = point
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.idle()
        assert first.life.dead
        await town.pass_time(90)
        taking.cancel()
        assert town.carrier.bodies == ["one", "answer 2"]
        assert len(town.assistant.turns) == 2
        assert (await town.session()).turn is None
