"""How an attempt ended decides what follows: done, again later, failed, or searched first."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from orchestrator.core.errors import CarrierError
from orchestrator.core.items import Text
from tests.fakes.carrier import not_sent, refused, unknown
from tests.fakes.processes import ANA, Process, Town

pytestmark = pytest.mark.anyio


async def texted(town: Town, *bodies: str) -> Process:
    """Ana texts these to one process."""
    process = town.process()
    for body in bodies:
        await process.runner.take("support", ANA, town.text(body))
    await town.idle()
    return process


def lose_answer(town: Town, *, taken: bool) -> None:
    """The next send has no known outcome; `taken` tells what really happened."""
    error = unknown()
    town.carrier.ahead.append(error)
    if taken:
        town.carrier.taken_anyway.append(error)


def shut_out() -> CarrierError:
    """The account lets us look at nothing."""
    return CarrierError("no", outcome="refused", code=20003, status=401)


async def entry_state(town: Town, name: str) -> list[str]:
    """The state of an outbox entry, as stored."""
    kept = await town.store.link.call("HGET", town.store.keys.customer(town.address)[3], f"{name}:s")
    return list(kept.decode().split("|"))


async def test_what_was_not_taken_is_tried_again_later_and_later() -> None:
    """Each retry waits twice as long as the one before, to the second in which due work is looked at."""
    async with Town() as town:
        town.carrier.ahead = [not_sent() for _ in range(4)]
        await texted(town, "hello")
        tries = []
        for _ in range(20):
            await town.pass_time(1)
            tries.append(town.carrier.tries)
        moments = [tries.index(count) + 1 for count in (2, 3, 4, 5)]
        waits = [later - earlier for earlier, later in zip([0, *moments], moments, strict=False)]
        assert all(wait in {span, span + 1} for wait, span in zip(waits, (1, 2, 4, 8), strict=True))
        assert town.carrier.bodies == ["answer 1"]


async def test_what_was_refused_is_failed_and_told() -> None:
    """No second try; code and reason are with the entry and with the session."""
    async with Town() as town:
        town.carrier.ahead = [refused(21211)]
        await texted(town, "hello")
        await town.pass_time(120)
        assert town.carrier.tries == 1
        error = (await town.session()).last_text_error
        assert error is not None
        assert (error["code"], error["reason"]) == (21211, "invalid_number")
        assert (await entry_state(town, "t1"))[0] == "F"


async def test_a_lost_answer_is_found_and_not_sent_again() -> None:
    """The carrier took it: one search, done, and the carrier's id is on record."""
    async with Town() as town:
        lose_answer(town, taken=True)
        await texted(town, "hello")
        await town.pass_time(60)
        assert (town.carrier.tries, town.carrier.searches) == (1, 1)
        state = await entry_state(town, "t1")
        assert (state[0], state[9]) == ("D", "SM0")


async def test_what_is_absent_twice_is_sent_again() -> None:
    """The carrier did not take it: two searches `reconcile_after` apart, then one more attempt."""
    async with Town() as town:
        lose_answer(town, taken=False)
        await texted(town, "hello")
        await town.pass_time(20)
        assert (town.carrier.tries, town.carrier.searches) == (1, 1)
        await town.pass_time(15)
        assert (town.carrier.tries, town.carrier.searches) == (2, 2)
        assert town.carrier.bodies == ["answer 1"]


async def test_what_is_absent_twice_fails_where_at_most_once_is_wanted() -> None:
    """With `at_most_once` it is failed and told instead."""
    async with Town(delivery="at_most_once") as town:
        lose_answer(town, taken=False)
        await texted(town, "hello")
        await town.pass_time(60)
        assert town.carrier.tries == 1
        error = (await town.session()).last_text_error
        assert error is not None
        assert error["reason"] == "unknown_outcome"


async def test_a_list_that_lags_is_searched_again() -> None:
    """Not there at the first search, there at the second: not sent again."""
    async with Town() as town:
        lose_answer(town, taken=True)
        town.carrier.hidden = 1
        await texted(town, "hello")
        await town.pass_time(60)
        assert (town.carrier.tries, town.carrier.searches) == (1, 2)


async def test_a_search_that_fails_says_nothing() -> None:
    """Searches that the carrier does not answer are not counted: absent means twice looked, twice absent."""
    async with Town() as town:
        lose_answer(town, taken=True)
        town.carrier.search_errors = [not_sent(503) for _ in range(4)]
        town.carrier.hidden = 1
        await texted(town, "hello")
        await town.pass_time(90)
        assert town.carrier.tries == 1
        assert town.carrier.searches == 6


@pytest.mark.parametrize(
    ("error", "seconds"), [(shut_out(), 600), (not_sent(503), 86_400)], ids=["refused", "silent"]
)
async def test_what_no_search_can_settle_ends_as_unresolved(error: CarrierError, seconds: int) -> None:
    """An account that lets nobody look ends the search in ten minutes, one that never answers in a day: nothing is
    sent again, the session and an operator learn of it, and the next text leaves long before.
    """
    async with Town() as town:
        lose_answer(town, taken=True)
        town.carrier.search_errors = [error] * 99
        process = await texted(town, "hello")
        await town.clock.advance(121)
        await process.runner.take("support", ANA, town.text("more"))
        await town.pass_time(2)
        assert (town.carrier.bodies, (await entry_state(town, "t1"))[0]) == (["answer 1", "answer 2"], "U")
        await town.clock.advance(seconds - 126)
        await town.pass_time(1)
        assert (await entry_state(town, "t1"))[0] == "U"
        await town.clock.advance(5)
        await town.pass_time(2)
        assert (await entry_state(town, "t1"))[0] == "F"
        assert town.carrier.tries == 2
        told = (await town.session()).last_text_error
        assert told is not None
        assert told["reason"] == "unresolved"
        (letter,) = await town.store.dead_letters()
        assert letter.reason == "unresolved"


async def test_an_account_that_opens_again_settles_what_was_unknown() -> None:
    """Within the ten minutes the search goes on, and finds what the carrier took."""
    async with Town() as town:
        lose_answer(town, taken=True)
        town.carrier.search_errors = [shut_out()] * 3
        await texted(town, "hello")
        for _ in range(4):
            await town.clock.advance(140)
            await town.pass_time(1)
        assert (town.carrier.tries, (await entry_state(town, "t1"))[0]) == (1, "D")


async def test_a_twin_that_is_bound_is_no_proof() -> None:
    """An equal text that another entry is known under does not settle this one."""
    async with Town() as town:
        town.carrier.before_answer = None
        same = await texted(town)
        town.assistant.answers = [_words("the same"), _words("the same")]
        await same.runner.take("support", ANA, town.text("one"))
        await town.idle()
        lose_answer(town, taken=False)
        await same.runner.take("support", ANA, town.text("two"))
        await town.pass_time(60)
        assert town.carrier.bodies == ["the same", "the same"]


async def test_of_two_lost_twins_each_finds_its_own() -> None:
    """Two equal texts, both taken, both answers lost: two messages, two ids, nothing sent again."""
    async with Town() as town:
        process = await texted(town)
        town.assistant.answers = [_words("the same"), _words("the same")]
        lose_answer(town, taken=True)
        lose_answer(town, taken=True)
        await process.runner.take("support", ANA, town.text("one"))
        await process.runner.take("support", ANA, town.text("two"))
        await town.pass_time(120)
        assert town.carrier.bodies == ["the same", "the same"]
        assert [(await entry_state(town, name))[9] for name in ("t1", "t2")] == ["SM0", "SM1"]


async def test_a_callback_settles_what_is_unknown() -> None:
    """A status callback proves acceptance: no search, no second attempt."""
    async with Town() as town:
        lose_answer(town, taken=True)
        process = await texted(town, "hello")
        sent = town.carrier.taken[0]
        assert await process.runner.delivery(
            customer_key=sent.callback["customer"],
            entry=sent.callback["entry"],
            message_sid=sent.carrier_id,
            status="delivered",
            code=0,
        )
        await town.pass_time(60)
        assert (town.carrier.tries, town.carrier.searches) == (1, 0)
        assert await town.left() == []


@pytest.mark.parametrize("error", [None, unknown()], ids=["answered", "lost"])
async def test_a_callback_may_come_before_the_answer(error: CarrierError | None) -> None:
    """The carrier's callback arrives while our request is still open: settled once, sent once."""
    async with Town() as town:
        process = town.process()

        async def call_back(sent: Any) -> None:
            await process.runner.delivery(
                customer_key=sent.callback["customer"],
                entry=sent.callback["entry"],
                message_sid=sent.carrier_id,
                status="sent",
                code=0,
            )

        town.carrier.before_answer = call_back
        if error is not None:
            town.carrier.ahead.append(error)
            town.carrier.taken_anyway.append(error)
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(60)
        assert (town.carrier.tries, town.carrier.searches) == (1, 0)
        assert (await entry_state(town, "t1"))[0] == "D"


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_a_kill_while_the_carrier_is_told_costs_less_than_half_a_minute(*, taken: bool) -> None:
    """The process dies before, or after, the carrier took the text: another one has sent it once, or found
    it, within 30 s.
    """
    async with Town() as town:
        first = town.process()
        first.life.ends_at = ("carrier.send_message", "after" if taken else "before")
        await first.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert first.life.dead
        town.process()
        await town.pass_time(29)
        assert town.carrier.bodies == ["answer 1"]
        assert (await entry_state(town, "t1"))[0] == "D"
        assert town.carrier.searches == (1 if taken else 2)


async def test_a_carrier_that_took_long_is_given_as_long_again() -> None:
    """The answer is lost after 8 s: the first search is 8 s later, for the carrier may still be at it."""
    async with Town() as town:
        process = town.process()
        lose_answer(town, taken=True)

        async def slow(_: Any) -> None:
            await town.clock.sleep(8)

        town.carrier.before_answer = slow
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(15)
        assert town.carrier.searches == 0
        await town.pass_time(3)
        assert town.carrier.searches == 1


async def test_what_a_carrier_takes_after_a_hang_of_half_a_minute_is_found() -> None:
    """However short `reconcile_after`, a request that got no answer in time is not sent again before 33 s."""
    async with Town(reconcile_after=1.0) as town:
        process = town.process()
        lose_answer(town, taken=True)
        town.carrier.before_answer = lambda _: town.clock.sleep(8)
        town.carrier.hidden = 1  # the search at 16 s sees nothing: the carrier is still at it
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(32)
        assert (town.carrier.tries, town.carrier.searches) == (1, 1)
        await town.pass_time(5)
        assert (town.carrier.tries, town.carrier.searches) == (1, 2)
        assert (await entry_state(town, "t1"))[0] == "D"


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "undelivered"))), ids="-".join)
async def test_statuses_end_in_the_same_state_in_every_order(order: tuple[str, ...]) -> None:
    """Whatever comes first, and however often: undelivered on record, told once, one dead letter."""
    async with Town() as town:
        process = await texted(town, "hello")
        sent = town.carrier.taken[0]
        for status in (*order, *order):
            await process.runner.delivery(
                customer_key=sent.callback["customer"],
                entry=sent.callback["entry"],
                message_sid=sent.carrier_id,
                status=status,
                code=30005 if status == "undelivered" else 0,
            )
        await town.idle()
        kept = await town.store.link.call("HGET", town.store.keys.customer(town.address)[3], "t1:d")
        assert kept == b"5 undelivered 30005"
        error = (await town.session()).last_text_error
        assert error is not None
        assert (error["code"], error["reason"]) == (30005, "unknown_number")
        assert len(await town.store.dead_letters()) == 1


async def test_an_old_or_foreign_callback_changes_nothing() -> None:
    """A key that is none, an entry that is none, a status that went before: no effect, no error."""
    async with Town() as town:
        process = await texted(town, "hello")
        told = {"message_sid": "SM0", "code": 0}
        key = town.address.customer
        assert not await process.runner.delivery(customer_key="x", entry="t1", status="sent", **told)  # type: ignore[arg-type]  # one dict of both
        assert not await process.runner.delivery(customer_key=key, entry="t9", status="sent", **told)  # type: ignore[arg-type]  # one dict of both
        assert await process.runner.delivery(customer_key=key, entry="t1", status="delivered", **told)  # type: ignore[arg-type]  # one dict of both
        assert not await process.runner.delivery(customer_key=key, entry="t1", status="sent", **told)  # type: ignore[arg-type]  # one dict of both


def _words(text: str) -> tuple[Text, ...]:
    return (Text(text=text),)
