"""A text that one account of ours refuses for its own sake leaves from the other; nothing is sent twice for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from orchestrator.core.effects import SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.outbox.pace import Pace
from orchestrator.outbox.queues import Queues
from orchestrator.outbox.senders import numbers_left
from orchestrator.outbox.ways import Ways
from orchestrator.ports import Standby
from tests.fakes.carrier import FakeCarrier, refused, unknown
from tests.fakes.clock import FakeClock
from tests.fakes.processes import ANA, OURS
from tests.outbox.accounts import ALSO, SECOND, THIRD, shut, town_of
from tests.outbox.test_failover import reported
from tests.outbox.test_outcomes import entry_state, texted

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("refusal", [refused(20003), shut(401), shut(403)], ids=["20003", "401", "403"])
async def test_the_second_account_sends_what_the_first_refuses(refusal: CarrierError) -> None:
    """No other number of the shut account is tried; the second account sends, once, the customer keeps its number
    and is answered from there, without a try at the first.
    """
    async with town_of(OURS, ALSO) as town:
        town.carrier.ahead = [refusal]
        process = await texted(town, "hello")
        await town.pass_time(2)
        assert (town.carrier.tries, town.carrier.taken) == (1, [])
        assert [(sent.body, sent.sender) for sent in town.second.taken] == [("answer 1", SECOND)]
        session = await town.session()
        assert (session.thread.number, session.known_number, session.last_text_error) == (
            SECOND,
            SECOND,
            None,
        )
        await process.runner.take("support", ANA, replace(town.text("more"), number=SECOND))
        await town.pass_time(2)
        assert (town.carrier.tries, town.second.bodies) == (1, ["answer 1", "answer 2"])


@pytest.mark.parametrize("code", [21610, 21211, 21408, 99999])
async def test_what_is_about_the_recipient_is_tried_once(code: int) -> None:
    """An opt-out, a wrong number, a region, or an unknown code: no other account gets around it."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(code)]
        await texted(town, "hello")
        await town.pass_time(30)
        assert (town.carrier.tries, town.second.tries) == (1, 0)


async def test_two_shut_accounts_fail_a_text_once() -> None:
    """Each account is asked once; the assistant learns of it, and an operator may send the text again."""
    async with town_of(OURS, ALSO) as town:
        town.carrier.ahead, town.second.ahead = [refused(20003)], [refused(20003)]
        await texted(town, "hello")
        await town.pass_time(60)
        assert (town.carrier.tries, town.second.tries) == (1, 1)
        error = (await town.session()).last_text_error
        assert error is not None
        assert error["code"] == 20003
        assert (await entry_state(town, "t1"))[0] == "F"
        assert len(await town.store.dead_letters()) == 1


async def test_an_opt_out_at_the_second_account_ends_it() -> None:
    """What the second account says of the recipient counts."""
    async with town_of(OURS) as town:
        town.carrier.ahead, town.second.ahead = [refused(20003)], [refused(21610)]
        await texted(town, "hello")
        await town.pass_time(30)
        error = (await town.session()).last_text_error
        assert error is not None
        assert (error["code"], town.carrier.tries, town.second.tries) == (21610, 1, 1)


async def test_numbers_that_may_not_send_are_followed_by_those_of_the_other_account() -> None:
    """Every number of the first account is refused for its own sake, and the first one of the second: the last sends."""
    async with town_of(OURS, ALSO) as town:
        town.carrier.ahead, town.second.ahead = [refused(21606), refused(21612)], [refused(21606)]
        await texted(town, "hello")
        await town.pass_time(2)
        assert (town.carrier.tries, [sent.sender for sent in town.second.taken]) == (2, [THIRD])
        assert (await town.session()).known_number == THIRD


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_an_unknown_outcome_is_searched_before_the_other_account_is_asked(*, taken: bool) -> None:
    """The first account may have taken it: nothing leaves from the second before its list has said twice that it
    did not, and nothing at all if it did.
    """
    async with town_of(OURS) as town:
        lost = unknown()
        town.carrier.ahead = [lost, refused(20003)]
        town.carrier.taken_anyway = [lost] if taken else []
        await texted(town, "hello")
        await town.pass_time(20)
        assert (town.second.tries, town.second.searches) == (0, 0)
        await town.pass_time(20)
        assert town.second.bodies == ([] if taken else ["answer 1"])
        assert (town.carrier.tries, len(town.carrier.taken)) == ((1, 1) if taken else (2, 0))


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_a_lost_answer_of_the_second_account_is_searched_there(*, taken: bool) -> None:
    """The first account lets nobody in, also not to its list; the text arrives once, from the second."""
    async with town_of(OURS) as town:
        lost = unknown()
        town.carrier.ahead = [refused(20003)]
        town.second.ahead, town.second.taken_anyway = [lost], [lost] if taken else []
        await texted(town, "hello")
        await town.pass_time(60)
        assert (town.carrier.tries, town.carrier.searches, town.second.bodies) == (1, 0, ["answer 1"])
        assert town.second.tries == (1 if taken else 2)
        assert (await entry_state(town, "t1"))[0] == "D"
        assert (await town.session()).known_number == SECOND


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_at_the_second_account_doubles_nothing(when: str) -> None:
    """Killed just before or after the second account takes the text: another process settles it."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(20003)]
        process, heir = town.process(), town.process()
        process.life.ends_at = ("second.send_message", when)
        heir.life.thawed.clear()
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(2)
        assert process.life.dead
        heir.life.thawed.set()
        await town.pass_time(90)
        assert (town.second.bodies, town.carrier.taken) == (["answer 1"], [])
        assert (await town.session()).known_number == SECOND


async def test_the_second_account_has_an_attempt_of_its_own() -> None:
    """The first account's only number may not send, the second takes the text and its answer is lost: it is looked
    for there, and not sent again.
    """
    async with town_of(OURS) as town:
        lost = unknown()
        town.carrier.ahead = [refused(21606)]
        town.second.ahead, town.second.taken_anyway = [lost], [lost]
        await texted(town, "hello")
        await town.pass_time(60)
        assert (town.second.tries, town.second.searches, town.carrier.searches) == (1, 1, 0)


async def test_a_status_alone_tells_that_the_second_account_sent_it() -> None:
    """The process dies before it reads the answer; the status callback proves the text, and its number."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(20003)]
        process, heir = town.process(), town.process()
        process.life.ends_at = ("second.send_message", "after")
        heir.life.thawed.clear()
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(2)
        heir.life.thawed.set()
        (sent,) = town.second.taken
        names = {"customer_key": sent.callback["customer"], "entry": sent.callback["entry"]}
        assert await heir.runner.delivery(**names, message_sid=sent.carrier_id, status="sent", code=0)
        await town.pass_time(30)
        assert (town.second.bodies, (await town.session()).known_number) == (["answer 1"], SECOND)


async def test_an_account_that_is_suspended_later_is_stood_in_for() -> None:
    """Taken, then failed with 30002: the second account sends it, and nothing failed."""
    async with town_of(OURS, ALSO) as town:
        await texted(town, "hello")
        assert await reported(town, 0, "failed", 30002)
        await town.pass_time(2)
        assert (town.carrier.bodies, town.second.bodies) == (["answer 1"], ["answer 1"])
        session = await town.session()
        assert (session.known_number, session.last_text_error) == (SECOND, None)


async def test_a_customer_of_the_second_account_is_written_to_from_the_first_where_that_is_shut() -> None:
    """It holds both ways: who knows a number of the second account gets the first one's, in its turn."""
    async with town_of(OURS) as town:
        town.second.ahead = [refused(20003)]
        process = town.process()
        await process.runner.take("support", ANA, replace(town.text("hello"), number=THIRD))
        await town.pass_time(2)
        assert (town.second.taken, [sent.sender for sent in town.carrier.taken]) == ([], [OURS])
        assert (await town.session()).known_number == OURS


async def test_an_opt_out_between_the_accounts_stops_the_text() -> None:
    """STOP comes while the first account refuses: the second is not asked."""
    async with town_of(OURS) as town:
        process = town.process()
        refusal = refused(20003)
        town.carrier.ahead, town.carrier.taken_anyway = [refusal], [refusal]

        async def stop(_: object) -> None:
            await process.runner.take("support", ANA, town.text("STOP"))

        town.carrier.before_answer = stop
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(30)
        assert (town.carrier.tries, town.second.tries) == (1, 0)


@dataclass
class Numbers:
    """Of two accounts, whose messaging services choose the sender."""

    numbers: tuple[str, ...] = (OURS, ALSO)
    senders: tuple[str, ...] = ()
    segments_per_second: float = 1.0
    queue_ahead: float = 60.0
    standby: Standby = field(default_factory=lambda: Standby(FakeCarrier(FakeClock()), (SECOND, THIRD)))


def test_an_account_whose_service_chooses_is_one_number_to_try() -> None:
    """Of the other account its first number is enough, whichever side comes first."""
    ways = cast("Ways", Numbers())
    message = SendMessage(text_id="t", to=ANA, sender=ALSO, body="hi")
    assert numbers_left(message, ways) == [ALSO, SECOND]
    assert numbers_left(replace(message, refused=(OURS, ALSO)), ways) == [SECOND]
    assert numbers_left(replace(message, sender=THIRD), ways) == [THIRD, OURS]
    assert numbers_left(replace(message, refused=(ALSO, SECOND)), ways) == [ALSO]


def test_a_text_waits_in_the_queue_of_the_number_that_sends_it() -> None:
    """What the first account refused fills the queue of the second one's number."""
    queues = Queues()
    message = SendMessage(text_id="t", to=ANA, sender=OURS, body="hi", refused=(OURS, ALSO))
    assert Pace(queues).wait("key", message, 0.0, cast("Ways", Numbers())) == 0
    assert list(queues.lengths(0.0)) == [SECOND]
