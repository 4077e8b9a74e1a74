"""What the carrier says of a message, and what it made: proof, statuses, dead letters, and one message for one entry,
on the fake and the real server.
"""

from __future__ import annotations

import pytest

from orchestrator.ports import Claimed, Delivery, Inboxed, Settlement, Uncertain
from tests.store.conftest import START, Bench
from tests.store.entries import DONE, GONE, WAIT, inbox, sent, text

pytestmark = pytest.mark.anyio


async def test_a_callback_is_proof_even_before_the_answer(bench: Bench) -> None:
    """A callback settles what is being sent; the sender's own settlement still brings its event."""
    await sent(bench, text("a"), text("b"))
    assert await bench.store.delivery(bench.address, "t1", Delivery("SMx", "sent"))
    assert await bench.due() == {("o", "t2")}
    end = Settlement("done", carrier_id="SMx", event=Inboxed("accepted:t1", "{}"))
    assert await bench.store.settle(bench.address, "t1", "T1", end)
    assert await inbox(bench) == ["accepted:t1"]


@pytest.mark.parametrize("state", ["retry", "unknown"])
async def test_a_callback_settles_what_would_be_tried_again(bench: Bench, state: str) -> None:
    """After proof, a pending retry or an unknown outcome is done: never sent twice."""
    await sent(bench, text("a"))
    await bench.store.settle(bench.address, "t1", "T1", Settlement(state, at=START))  # type: ignore[arg-type]  # one of two outcomes
    assert await bench.store.delivery(bench.address, "t1", Delivery("SMx", "queued"))
    assert await bench.store.claim(bench.address, "t1", "W") == GONE
    assert await bench.due() == set()


async def test_a_status_moves_forward_only(bench: Bench) -> None:
    """Doubled, late and unknown statuses move nothing; each step forward does once."""
    await sent(bench, text("a"))
    steps = ["sending", "queued", "sent", "sent", "delivered", "undelivered", "nonsense", "sent", "read"]
    moved = [await bench.store.delivery(bench.address, "t1", Delivery("SMx", step)) for step in steps]
    assert moved == [True, False, True, False, True, False, False, False, True]


async def test_a_failure_reported_later_is_told_once(bench: Bench) -> None:
    """The event of a callback goes into the inbox in the step that moves the status."""
    await sent(bench, text("a"))
    await bench.store.settle(bench.address, "t1", "T1", DONE)
    event = Inboxed("failed:t1", "{}")
    assert await bench.store.delivery(bench.address, "t1", Delivery("SMx", "undelivered", 30003, event=event))
    assert not await bench.store.delivery(
        bench.address, "t1", Delivery("SMx", "undelivered", 30003, event=event)
    )
    assert await inbox(bench) == ["failed:t1"]


async def test_a_failed_text_is_a_dead_letter_in_the_same_step(bench: Bench) -> None:
    """Settled as failed, or reported so later, it leaves one dead letter, however often that is repeated."""
    await sent(bench, text("a"), text("b"))
    failed = Settlement("failed", code=21211, reason="invalid_number", dead=Inboxed("again:t1", "{}"))
    assert await bench.store.settle(bench.address, "t1", "T1", failed)
    assert await bench.store.settle(bench.address, "t1", "T1", failed)
    assert isinstance(await bench.store.claim(bench.address, "t2", "W"), Claimed)
    await bench.store.settle(bench.address, "t2", "W", DONE)
    told = Delivery("SMx", "failed", 30003, "unreachable", dead=Inboxed("again:t2", "{}"))
    assert await bench.store.delivery(bench.address, "t2", told)
    assert not await bench.store.delivery(bench.address, "t2", told)
    letters = await bench.store.dead_letters()
    ours = {(found.event.event_id, found.reason) for found in letters if found.address == bench.address}
    assert ours == {("again:t1", "invalid_number"), ("again:t2", "unreachable")}
    assert len([found for found in letters if found.address == bench.address]) == 2


async def test_what_is_put_back_or_unknown_is_no_dead_letter(bench: Bench) -> None:
    """Only a failure leaves one."""
    await sent(bench, text("a"))
    unknown = Settlement("unknown", at=START, dead=Inboxed("again:t1", "{}"))
    assert await bench.store.settle(bench.address, "t1", "T1", unknown)
    assert [found for found in await bench.store.dead_letters() if found.address == bench.address] == []


async def test_a_call_beside_knows_what_the_carrier_made_for_the_number(bench: Bench) -> None:
    """The carrier's ids of the number's owner and of its calls beside are known to all of them."""
    await sent(bench, text("a"))
    await bench.store.settle(bench.address, "t1", "T1", DONE)
    beside = bench.address.beside("CA2")
    assert await bench.store.carrier_ids(beside) == {"SMx"}
    owner = bench.address
    bench.address = beside
    await sent(bench, text("b"))
    assert await bench.store.delivery(beside, "t1", Delivery("SMy", "sent"))
    assert await bench.store.carrier_ids(owner) == {"SMx", "SMy"}


async def test_a_message_that_failed_is_sent_once_more(bench: Bench) -> None:
    """The entry is due again with what is to be sent now; the message that failed is not heard any more, nor its
    sender who comes late; the next one is, from its first status on.
    """
    await sent(bench, text("a"))
    told = Delivery(
        "SMx", "failed", 30001, "queue_full", Inboxed("failed:t1", "{}"), again="b", at=START + 30
    )
    assert await bench.store.delivery(bench.address, "t1", told)
    assert not await bench.store.settle(bench.address, "t1", "T1", DONE)
    assert not await bench.store.delivery(bench.address, "t1", Delivery("SMx", "delivered"))
    assert await bench.store.claim(bench.address, "t1", "W") == WAIT
    bench.clock.advance(30)
    assert await bench.due() == {("o", "t1")}
    got = await bench.store.claim(bench.address, "t1", "W")
    assert got == Claimed("t1", "b", 2, "W", START + 30)
    assert await bench.store.settle(bench.address, "t1", "W", Settlement("done", carrier_id="SMy"))
    assert await bench.store.delivery(bench.address, "t1", Delivery("SMy", "sent"))
    assert not await bench.store.delivery(bench.address, "t1", Delivery("SMx", "delivered"))
    assert await inbox(bench) == []


async def test_one_message_is_found_by_one_entry(bench: Bench) -> None:
    """Two equal texts, one of a call beside, are searched at the same moment and find the same message: it is
    the first one's, and the other is searched for again.
    """
    owner, beside = bench.address, bench.address.beside("CA2")
    for address in (owner, beside):
        bench.address = address
        await sent(bench, text("the same"))
        await bench.store.settle(address, "t1", "T1", Settlement("unknown", at=bench.clock.time))
        assert isinstance(await bench.store.claim(address, "t1", "W"), Uncertain)
    assert await bench.store.settle(owner, "t1", "W", DONE)
    assert not await bench.store.settle(beside, "t1", "W", DONE)
    assert isinstance(await bench.store.claim(beside, "t1", "X"), Uncertain)
    assert await bench.store.carrier_ids(beside) == {"SMx"}
    assert await bench.store.settle(owner, "t1", "W", DONE)


async def test_a_callback_of_another_message_is_ignored(bench: Bench) -> None:
    """A callback for an entry bound to another message, never tried, or unknown moves nothing."""
    await sent(bench, text("a"), text("b"))
    await bench.store.settle(bench.address, "t1", "T1", DONE)
    assert not await bench.store.delivery(bench.address, "t1", Delivery("SMother", "delivered"))
    assert not await bench.store.delivery(bench.address, "t2", Delivery("SMother", "delivered"))
    assert not await bench.store.delivery(bench.address, "t9", Delivery("SMx", "delivered"))
    assert not await bench.store.delivery(bench.address, "nonsense", Delivery("SMx", "delivered"))
    assert isinstance(await bench.store.claim(bench.address, "t2", "W"), Claimed)
