"""What is not sent though it waits: too old, opted out, or a call of unknown fate."""

from __future__ import annotations

import pytest

from orchestrator.core.events import CallRequested, CallStarted
from orchestrator.core.items import SendText, Text
from tests.fakes.carrier import not_sent, refused, unknown
from tests.fakes.processes import ANA, OURS, Town

pytestmark = pytest.mark.anyio

CANNOT = "We're sorry, but we can't respond to your message."
BEN = "+15550105678"


async def test_old_answers_are_dropped_for_one_failure_text() -> None:
    """Two answers expire in an outage; when the carrier is back one failure text is sent."""
    async with Town(text_ttl=30.0) as town:
        process = town.process()
        town.carrier.ahead = [not_sent() for _ in range(12)]
        for body in ("one", "two"):
            await process.runner.take("support", ANA, town.text(body))
        await town.pass_time(400)
        assert town.carrier.bodies == [CANNOT]
        assert await town.left() == []


async def test_the_next_outage_is_told_again() -> None:
    """Once the failure text was taken, answers that expire later have one of their own."""
    async with Town(text_ttl=30.0) as town:
        process = town.process()
        for body in ("one", "two"):
            town.carrier.ahead = [not_sent() for _ in range(7)]
            await process.runner.take("support", ANA, town.text(body))
            await town.pass_time(200)
        assert town.carrier.bodies == [CANNOT, CANNOT]


async def test_a_refused_failure_text_stands_for_nothing_more() -> None:
    """A failure text that the carrier refuses is not waited for: a later one is sent."""
    async with Town(text_ttl=30.0) as town:
        process = town.process()
        town.carrier.ahead = [*(not_sent() for _ in range(6)), refused(30001)]
        await process.runner.take("support", ANA, town.text("one"))
        await town.pass_time(120)
        assert town.carrier.bodies == []
        assert (await town.session()).apology == ""


async def test_an_opted_out_customer_is_looked_at_when_the_text_is_claimed() -> None:
    """Consent that went while the text waited: it fails as `opted_out`, without a try."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [not_sent()]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        await process.runner.take("support", ANA, town.text("STOP"))
        await town.pass_time(20)
        assert town.carrier.tries == 1
        assert await town.left() == []


async def test_the_carriers_21610_opts_the_number_out() -> None:
    """The carrier knows of a STOP that we do not: consent is gone from then on."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [refused(21610)]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(2)
        assert await town.store.consent(town.address) == "opted_out"


async def test_the_21610_of_another_recipient_is_not_the_customers() -> None:
    """A text to another number that is opted out says nothing about the customer's consent."""
    async with Town(allowed_recipients=(BEN,)) as town:
        process = town.process()
        town.assistant.answers = [(SendText(text="for Ben", to=BEN), Text(text="done"))]
        town.carrier.ahead = [refused(21610)]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(3)
        assert await town.store.consent(town.address) == "opted_in"
        assert town.carrier.bodies == ["done"]


async def test_another_recipient_who_opted_out_gets_nothing() -> None:
    """A number that texted STOP is not reached through somebody else's session."""
    async with Town(allowed_recipients=(BEN,)) as town:
        process = town.process()
        await process.runner.take("support", BEN, town.text("STOP"))
        await town.idle()
        town.assistant.answers = [(SendText(text="for Ben", to=BEN),)]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(3)
        assert town.carrier.tries == 0


async def test_a_call_whose_placing_was_lost_is_not_placed_twice() -> None:
    """No second call to a customer who may be ringing: searched twice in vain, it counts as failed."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [unknown()]
        await process.runner.take("support", ANA, CallRequested(id="c1", at=town.clock.now()))
        await town.pass_time(15)
        assert (await town.session()).call_state == "dialing"
        await town.pass_time(45)
        assert (town.carrier.placed, town.carrier.searches) == ([], 2)
        assert (await town.session()).call_state == "ended"


async def test_a_call_whose_placing_was_lost_is_found_in_the_list() -> None:
    """The carrier took the call and its answer was lost: the list names it, and it rings once."""
    async with Town() as town:
        process = town.process()
        lost = unknown()
        town.carrier.ahead, town.carrier.taken_anyway = [lost], [lost]
        await process.runner.take("support", ANA, CallRequested(id="c1", at=town.clock.now()))
        await town.pass_time(10)
        session = await town.session()
        assert (session.call_state, session.call.call_sid if session.call else "") == ("dialing", "CA1")
        await town.pass_time(60)
        assert len(town.carrier.placed) == 1


async def test_a_call_whose_placing_was_lost_may_still_be_answered() -> None:
    """The customer picks up: the call is served, and the doubt about its placing ends nothing."""
    async with Town() as town:
        process = town.process()
        town.carrier.ahead = [unknown()]
        await process.runner.take("support", ANA, CallRequested(id="c1", at=town.clock.now()))
        await town.pass_time(10)
        started = CallStarted(
            id="CA7:start", at=town.clock.now(), call_sid="CA7", number=OURS, direction="outbound"
        )
        await process.runner.voice("support", ANA, started)
        await town.pass_time(120)
        assert town.carrier.tries == 1
        assert (await town.session()).call_state == "listening"
