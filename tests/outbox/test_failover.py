"""A text that is refused for our number's sake leaves from another number of ours; the customer keeps that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.core.numbers import E164
from tests.fakes.carrier import Sent, refused, unknown
from tests.fakes.processes import OURS, Town
from tests.outbox.test_outcomes import entry_state, texted

pytestmark = pytest.mark.anyio

SECOND, THIRD = E164("+19585550124"), E164("+19585550125")


def town_of(*numbers: E164) -> Town:
    """A town whose assistant has these numbers."""
    town = Town()
    assert town.rules.messaging is not None
    town.rules = replace(town.rules, messaging=replace(town.rules.messaging, numbers=numbers))
    return town


async def test_the_next_number_sends_what_one_may_not() -> None:
    """21606, then 21612: the third number sends it, once, and the session goes on from there."""
    async with town_of(OURS, SECOND, THIRD) as town:
        town.carrier.ahead = [refused(21606), refused(21612)]
        process = await texted(town, "hello")
        assert [(sent.body, sent.sender) for sent in town.carrier.taken] == [("answer 1", THIRD)]
        session = await town.session()
        assert (session.thread.number, session.known_number, session.last_text_error) == (THIRD, THIRD, None)
        await process.runner.take("support", "+15550101234", replace(town.text("more"), number=THIRD))
        await town.idle()
        assert [sent.sender for sent in town.carrier.taken] == [THIRD, THIRD]


@pytest.mark.parametrize("code", [21610, 21211, 21408, 20003, 99999])
async def test_what_is_not_our_numbers_fault_is_tried_once(code: int) -> None:
    """An opt-out, a wrong number, the account, or an unknown code: no other number gets around it."""
    async with town_of(OURS, SECOND) as town:
        town.carrier.ahead = [refused(code)]
        await texted(town, "hello")
        await town.pass_time(30)
        assert (town.carrier.tries, town.carrier.taken) == (1, [])


async def test_a_text_that_no_number_may_send_fails_with_the_first_ones_code() -> None:
    """Every number is tried once; the assistant learns why the customer's own one was refused."""
    async with town_of(OURS, SECOND) as town:
        town.carrier.ahead = [refused(21606), refused(21612)]
        await texted(town, "hello")
        await town.pass_time(30)
        assert town.carrier.tries == 2
        error = (await town.session()).last_text_error
        assert error is not None
        assert error["code"] == 21606


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_a_lost_answer_to_another_number_is_searched_there_too(*, taken: bool) -> None:
    """The second number's request has no known outcome: the search looks at all our numbers, and the text
    arrives once.
    """
    async with town_of(OURS, SECOND) as town:
        lost = unknown()
        town.carrier.ahead = [refused(21606), lost] + ([] if taken else [refused(21606)])
        town.carrier.taken_anyway = [lost] if taken else []
        await texted(town, "hello")
        await town.pass_time(40)
        assert [(sent.body, sent.sender) for sent in town.carrier.taken] == [("answer 1", SECOND)]
        assert (await entry_state(town, "t1"))[0] == "D"
        assert (await town.session()).known_number == SECOND


async def reported(town: Town, place: int, status: str, code: int = 0) -> bool:
    """The carrier tells what became of a message that it took."""
    sent = town.carrier.taken[place]
    moved = await town.processes[0].runner.delivery(
        customer_key=sent.callback["customer"],
        entry=sent.callback["entry"],
        message_sid=sent.carrier_id,
        status=status,
        code=code,
    )
    await town.pass_time(1)
    return moved


async def test_a_number_that_is_found_unfit_later_is_stood_in_for() -> None:
    """Taken, then undelivered with 30034: the second number sends it, what the carrier still says of the first
    message changes nothing, and nothing failed.
    """
    async with town_of(OURS, SECOND) as town:
        await texted(town, "hello")
        assert await reported(town, 0, "undelivered", 30034)
        assert [sent.sender for sent in town.carrier.taken] == [OURS, SECOND]
        assert not await reported(town, 0, "undelivered", 30034)
        assert not await reported(town, 0, "failed", 30034)
        assert await reported(town, 1, "delivered")
        await town.pass_time(60)
        session = await town.session()
        assert (session.known_number, session.last_text_error) == (SECOND, None)
        assert (len(town.carrier.taken), await town.store.dead_letters()) == (2, [])


async def test_a_text_that_no_number_can_deliver_fails_once() -> None:
    """The last number is unfit as well: it fails with the carrier's word, as one dead letter."""
    async with town_of(OURS, SECOND) as town:
        await texted(town, "hello")
        await reported(town, 0, "undelivered", 30034)
        await reported(town, 1, "undelivered", 30034)
        await town.pass_time(60)
        error = (await town.session()).last_text_error
        assert error is not None
        assert error["code"] == 30034
        assert (len(town.carrier.taken), len(await town.store.dead_letters())) == (2, 1)


async def test_a_text_that_fell_out_of_a_full_queue_is_sent_again_later() -> None:
    """30001: again after 30, 60 and 120 s, then it fails; none of the attempts is told before."""
    async with town_of(OURS) as town:
        await texted(town, "hello")
        for place, wait in enumerate((30, 60, 120)):
            await reported(town, place, "failed", 30001)
            await town.pass_time(wait - 5)
            assert len(town.carrier.taken) == place + 1
            await town.pass_time(7)
            assert len(town.carrier.taken) == place + 2
            assert (await town.session()).last_text_error is None
        await reported(town, 3, "failed", 30001)
        await town.pass_time(200)
        assert len(town.carrier.taken) == 4
        assert (await town.session()).last_text_error is not None


async def test_a_failure_may_be_told_before_the_answer() -> None:
    """The callback of a failed message comes while our request is open: sent once more, not twice."""
    async with town_of(OURS, SECOND) as town:
        process = town.process()

        async def fail(sent: Sent) -> None:
            if len(town.carrier.taken) == 1:
                await process.runner.delivery(
                    customer_key=sent.callback["customer"],
                    entry=sent.callback["entry"],
                    message_sid=sent.carrier_id,
                    status="undelivered",
                    code=30034,
                )

        town.carrier.before_answer = fail
        await process.runner.take("support", "+15550101234", town.text("hello"))
        await town.pass_time(60)
        assert [sent.sender for sent in town.carrier.taken] == [OURS, SECOND]
        state = await entry_state(town, "t1")
        assert (state[0], state[9]) == ("D", "SM1")
        assert (await town.session()).known_number == SECOND


async def test_an_opt_out_meanwhile_stops_the_second_attempt() -> None:
    """STOP comes before the queue has room again: nothing more is sent."""
    async with town_of(OURS) as town:
        process = await texted(town, "hello")
        await reported(town, 0, "failed", 30001)
        await process.runner.take("support", "+15550101234", town.text("STOP"))
        await town.pass_time(60)
        assert len(town.carrier.taken) == 1
