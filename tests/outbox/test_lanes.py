"""Order: texts of a customer leave one after the other; calls wait for no text."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import CarrierError
from orchestrator.core.events import SpeechHeard
from orchestrator.core.items import SendText, SwitchChannel, Text
from tests.fakes.carrier import not_sent, refused, unknown
from tests.fakes.processes import ANA, Town

pytestmark = pytest.mark.anyio


async def test_texts_leave_in_order_behind_a_retry() -> None:
    """A text that must be tried again holds back those behind it."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [not_sent(), not_sent()]
        for body in ("one", "two", "three"):
            await process.runner.take("support", ANA, town.text(body))
        await town.pass_time(20)
        assert town.carrier.bodies == ["answer 1", "answer 2", "answer 3"]


async def test_the_parts_of_an_answer_follow_without_a_pause() -> None:
    """Each leaves when the carrier has taken the one before; no time goes by between them."""
    async with Town(max_segments=1) as town:
        process = town.process()
        words = " ".join(f"word{n}" for n in range(60))
        town.assistant.answers = [(Text(text=words), SendText(text="and a last one"))]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert len(town.carrier.bodies) > 3
        assert town.carrier.bodies[-1] == "and a last one"
        assert " ".join(town.carrier.bodies[:-1]) == words


async def test_a_part_that_cannot_leave_holds_back_those_behind_it() -> None:
    """The first part is put off by the carrier: the others wait for it, and follow it in order."""
    async with Town() as town:
        process = town.process()
        town.assistant.answers = [(SendText(text="one"), SendText(text="two"), SendText(text="three"))]
        await process.runner.take("support", ANA, town.text("first"))
        await town.idle()
        assert town.carrier.bodies == ["one", "two", "three"]
        town.assistant.answers = [(SendText(text="four"), SendText(text="five"), SendText(text="six"))]
        town.carrier.ahead = [not_sent()]
        await process.runner.take("support", ANA, town.text("second"))
        await town.idle()
        assert town.carrier.bodies == ["one", "two", "three"]
        await town.pass_time(5)
        assert town.carrier.bodies[3:] == ["four", "five", "six"]


async def test_what_waited_behind_a_text_follows_it_without_a_pause() -> None:
    """Answers to many texts, held up by the first one, leave together when it has left: no second between each."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [not_sent()]
        for n in range(12):
            await process.runner.take("support", ANA, town.text(str(n)))
            await town.idle()
        assert town.carrier.bodies == []
        await town.pass_time(4)
        assert town.carrier.bodies == [f"answer {n}" for n in range(1, 13)]


async def test_a_refused_text_holds_nobody_back() -> None:
    """The next one leaves at once."""
    async with Town() as town:
        process = town.process()
        town.assistant.answers = [(SendText(text="one"), SendText(text="two"), SendText(text="three"))]
        town.carrier.ahead = [refused(21211)]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(4)
        assert town.carrier.bodies == ["two", "three"]


async def test_texts_wait_at_most_two_minutes_for_an_unknown_one() -> None:
    """While the carrier's list cannot be read, the later text leaves after two minutes."""
    async with Town() as town:
        process = town.process()
        town.assistant.answers = [(SendText(text="one"), SendText(text="two"))]
        town.carrier.ahead = [unknown()]
        town.carrier.search_errors = [not_sent(503) for _ in range(100)]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(110)
        assert town.carrier.bodies == []
        await town.pass_time(15)
        assert town.carrier.bodies == ["two"]


async def test_an_interruption_waits_for_no_text() -> None:
    """The call is told to fetch at once though a text of the same customer cannot leave."""
    async with Town() as town:
        process = town.process()
        await process.runner.voice("support", ANA, town.call())
        town.carrier.ahead = [not_sent() for _ in range(5)]
        town.assistant.answers = [(SendText(text="a link"), Text(text="I am sending it."))]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert town.carrier.interrupted == [("CA1", 2)]
        assert town.carrier.bodies == []


@pytest.mark.parametrize("error", [unknown(), not_sent(503)], ids=["unknown", "not sent"])
async def test_an_interruption_is_simply_repeated(error: CarrierError) -> None:
    """Once more is no harm: no search, a second attempt."""
    async with Town() as town:
        process = town.process()
        await process.runner.voice("support", ANA, town.call())
        town.carrier.interrupt_errors = [error]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(4)
        assert town.carrier.interrupted == [("CA1", 2), ("CA1", 2)]
        assert town.carrier.searches == 0


@pytest.mark.parametrize("code", [21220, 20404])
async def test_an_interruption_that_finds_no_call_ends_it(code: int) -> None:
    """The answer to the text goes by SMS, and the assistant learns the end of the call."""
    async with Town() as town:
        process = town.process()
        await process.runner.voice("support", ANA, town.call())
        town.carrier.interrupt_errors = [refused(code)]
        town.assistant.answers = [(Text(text="the answer"),), ()]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(3)
        assert town.carrier.bodies == ["the answer"]
        assert town.assistant.asked[-1].request["event"] == "call_ended"
        assert (await town.session()).call_state == "ended"


async def test_a_switch_learns_of_its_text_by_a_callback_alone() -> None:
    """The process that sent the text of a `switch_channel` died: the status callback ends the call."""
    async with Town() as town:
        first, second = town.process(), town.process()
        await first.runner.voice("support", ANA, town.call())
        town.assistant.answers = [(SwitchChannel(to="sms", text="Go on here.", say="Goodbye."),)]
        first.life.ends_at = ("store.settle", "before")
        said = SpeechHeard(
            id="CA1:1", at=town.clock.now(), call_sid="CA1", document=1, utterance="write to me"
        )
        await first.runner.voice("support", ANA, said)
        await town.idle()
        sent = town.carrier.taken[0]
        await second.runner.delivery(
            customer_key=sent.callback["customer"],
            entry=sent.callback["entry"],
            message_sid=sent.carrier_id,
            status="sent",
            code=0,
        )
        await town.pass_time(3)
        session = await town.session()
        assert session.switch is None
        assert session.call is not None
        assert session.call.hung_up_by_us
