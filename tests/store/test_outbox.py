"""Claim, settle and delivery: created once, in order, never sent blindly, on the fake and the real server."""

from __future__ import annotations

import pytest

from orchestrator.ports import (
    Claimed,
    Commit,
    Delivery,
    Inboxed,
    OutboxEntry,
    Settlement,
    Uncertain,
)
from tests.store.conftest import START, Bench
from tests.store.entries import DONE, GONE, WAIT, inbox, sent, text

pytestmark = pytest.mark.anyio


async def test_the_first_of_each_lane_is_claimed_with_the_commit(bench: Bench) -> None:
    """The commit gives the first entries at once: sending costs no further trip."""
    done = await sent(bench, text("a"), text("b"), OutboxEntry("c", "x"))
    assert done.claimed == (Claimed("t1", "a", 1, "T1", START), Claimed("c1", "x", 1, "T1", START))
    assert await bench.store.claim(bench.address, "t1", "other") == WAIT


async def test_what_is_to_be_sent_outlives_a_long_outage(bench: Bench) -> None:
    """With an open entry in any lane the outbox lives as long as the session, with none a day: a weekend without a
    process must not swallow a text.
    """
    store, day = bench.store, 86_400_000
    outbox = store.keys.customer(bench.address)[3]
    await sent(bench, text("a"), OutboxEntry("w", "a report"))
    assert await store.link.call("PTTL", outbox) > 2 * day
    assert await store.settle(bench.address, "t1", "T1", DONE)
    assert await store.link.call("PTTL", outbox) > 2 * day
    assert await store.settle(bench.address, "w1", "T1", DONE)
    assert 0 < await store.link.call("PTTL", outbox) <= day


async def test_entries_of_a_lane_leave_in_order(bench: Bench) -> None:
    """The next is claimable only when all before it are settled; settling makes it due at once."""
    await sent(bench, text("a"), text("b"), text("c"))
    assert await bench.store.claim(bench.address, "t2", "W") == WAIT
    assert await bench.store.settle(bench.address, "t1", "T1", DONE)
    assert await bench.due() == {("o", "t2")}
    assert await bench.store.claim(bench.address, "t3", "W") == WAIT
    assert await bench.store.claim(bench.address, "t2", "W") == Claimed("t2", "b", 1, "W", START)
    assert await bench.store.settle(bench.address, "t2", "W", Settlement("failed", code=21211))
    assert isinstance(await bench.store.claim(bench.address, "t3", "W"), Claimed)


async def test_a_later_commit_queues_behind_an_open_entry(bench: Bench) -> None:
    """An entry committed while an earlier one is under way is not claimed; lanes do not wait for each other."""
    await sent(bench, text("a"))
    done = await sent(bench, text("b"), OutboxEntry("c", "x"))
    assert [claimed.entry for claimed in done.claimed] == ["c1"]


async def test_a_claim_repeated_is_the_same_claim(bench: Bench) -> None:
    """The same token gets the same answer; another has to wait."""
    await sent(bench, text("a", not_before=START + 5))
    bench.clock.advance(5)
    first = await bench.store.claim(bench.address, "t1", "W")
    bench.clock.advance(1)
    assert await bench.store.claim(bench.address, "t1", "W") == first
    assert await bench.store.claim(bench.address, "t1", "X") == WAIT


async def test_an_entry_is_not_claimed_before_its_time(bench: Bench) -> None:
    """`not_before` and the moment of a retry hold, and the entry is due then."""
    done = await sent(bench, text("a", not_before=START + 30))
    assert done.claimed == ()
    assert await bench.store.claim(bench.address, "t1", "W") == WAIT
    assert await bench.due_at(f"o:{bench.address.customer}:t1") == START + 30
    bench.clock.advance(30)
    assert isinstance(await bench.store.claim(bench.address, "t1", "W"), Claimed)
    retry = Settlement("retry", at=START + 40, code=20429)
    assert await bench.store.settle(bench.address, "t1", "W", retry)
    assert await bench.store.settle(bench.address, "t1", "W", retry)
    assert await bench.store.claim(bench.address, "t1", "X") == WAIT
    bench.clock.advance(10)
    assert await bench.due() == {("o", "t1")}
    assert await bench.store.claim(bench.address, "t1", "X") == Claimed("t1", "a", 2, "X", START + 40)


async def test_a_lost_sender_leaves_an_uncertain_entry(bench: Bench) -> None:
    """When the visibility time is over, the entry is due and uncertain: searched for, never sent blindly."""
    await sent(bench, text("a"))
    bench.clock.advance(11.9)
    assert await bench.due() == set()
    bench.clock.advance(0.1)
    assert await bench.due() == {("o", "t1")}
    got = await bench.store.claim(bench.address, "t1", "W")
    assert got == Uncertain("t1", "a", 1, "W", START, 0, lost=True)
    assert await bench.store.claim(bench.address, "t1", "W") == got
    assert await bench.store.claim(bench.address, "t1", "X") == WAIT


async def test_the_frozen_sender_may_not_fail_what_another_searches(bench: Bench) -> None:
    """A holder past its time changes nothing, unless it brings proof that the carrier took it."""
    await sent(bench, text("a"))
    bench.clock.advance(20)
    await bench.store.claim(bench.address, "t1", "W")
    assert not await bench.store.settle(bench.address, "t1", "T1", Settlement("failed", code=1))
    assert not await bench.store.settle(bench.address, "t1", "T1", Settlement("retry", at=START))
    assert await bench.store.settle(bench.address, "t1", "T1", DONE)
    assert await bench.store.claim(bench.address, "t1", "X") == GONE
    assert not await bench.store.settle(bench.address, "t1", "W", Settlement("retry", at=START))


async def test_searches_are_counted_and_stand_apart(bench: Bench) -> None:
    """An unknown outcome is searched for when it was said, each search counts, absent is sent again."""
    await sent(bench, text("a"))
    first = Settlement("unknown", at=START + 10)
    assert await bench.store.settle(bench.address, "t1", "T1", first)
    assert await bench.store.settle(bench.address, "t1", "T1", first)
    assert await bench.store.claim(bench.address, "t1", "W") == WAIT
    bench.clock.advance(10)
    assert await bench.store.claim(bench.address, "t1", "W") == Uncertain("t1", "a", 1, "W", START, 0)
    again = Settlement("unknown", at=START + 30)
    assert await bench.store.settle(bench.address, "t1", "W", again)
    assert await bench.store.settle(bench.address, "t1", "W", again)
    bench.clock.advance(20)
    assert await bench.store.claim(bench.address, "t1", "W") == Uncertain("t1", "a", 1, "W", START, 1)
    assert await bench.store.settle(bench.address, "t1", "W", Settlement("retry", at=START + 30))
    assert await bench.store.claim(bench.address, "t1", "W") == Claimed("t1", "a", 2, "W", START + 30)


async def test_those_behind_an_unknown_wait_two_minutes_at_most(bench: Bench) -> None:
    """Later entries wait for one of unknown outcome, for two minutes from its attempt."""
    await sent(bench, text("a"), text("b"))
    await bench.store.settle(bench.address, "t1", "T1", Settlement("unknown", at=START + 600))
    bench.clock.advance(119)
    assert await bench.store.claim(bench.address, "t2", "W") == WAIT
    bench.clock.advance(1)
    assert await bench.due() == {("o", "t2")}
    assert isinstance(await bench.store.claim(bench.address, "t2", "W"), Claimed)
    assert await bench.store.settle(bench.address, "t2", "W", DONE)
    bench.clock.advance(500)
    assert isinstance(await bench.store.claim(bench.address, "t1", "W"), Uncertain)


async def test_settling_wakes_who_waited_on_either_side_of_an_unknown(bench: Bench) -> None:
    """The next of the lane is due at once, behind an entry that is still searched for and after its end."""
    await sent(bench, *(text(name) for name in "abcd"))
    await bench.store.settle(bench.address, "t1", "T1", Settlement("unknown", at=START + 600))
    bench.clock.advance(120)
    assert ("o", "t2") in await bench.due()
    for entry, following in (("t2", "t3"), ("t3", "t4")):
        assert isinstance(await bench.store.claim(bench.address, entry, "W"), Claimed)
        await bench.store.settle(bench.address, entry, "W", DONE)
        assert await bench.due_at(f"o:{bench.address.customer}:{following}") == bench.clock.time
    retry = Settlement("retry", at=START + 900)
    assert isinstance(await bench.store.claim(bench.address, "t4", "W"), Claimed)
    await bench.store.settle(bench.address, "t4", "W", retry)
    bench.clock.advance(780)
    await bench.due()
    await bench.store.delivery(bench.address, "t1", Delivery("SM1", "sent"))
    assert await bench.due() == {("o", "t4")}


async def test_settling_twice_is_settling_once(bench: Bench) -> None:
    """A repeated settlement is true again, and its event is in the inbox once."""
    await sent(bench, text("a"))
    end = Settlement("done", carrier_id="SMx", event=Inboxed("accepted:t1", "{}"))
    assert await bench.store.settle(bench.address, "t1", "T1", end)
    assert await bench.store.settle(bench.address, "t1", "T1", end)
    assert await bench.due() == {("i", "")}
    assert await inbox(bench) == ["accepted:t1"]
    assert await bench.store.claim(bench.address, "t1", "W") == GONE
    assert not await bench.store.settle(bench.address, "t1", "T1", Settlement("failed"))


async def test_an_event_of_a_settlement_passes_a_full_inbox(bench: Bench) -> None:
    """What the house itself has to say is not lost at the bound."""
    await sent(bench, text("a"))
    for n in range(5):
        await bench.store.accept(bench.address, Inboxed(f"E{n}", "x"))
    end = Settlement("failed", code=30003, reason="a|b", event=Inboxed("failed:t1", "{}"))
    assert await bench.store.settle(bench.address, "t1", "T1", end)
    assert len(await inbox(bench)) == 6


async def test_a_retry_may_be_with_another_payload(bench: Bench) -> None:
    """What is put off comes back as it was put off; without one it comes back as it was."""
    await sent(bench, text("a"))
    await bench.store.settle(bench.address, "t1", "T1", Settlement("retry", at=START + 5, payload="b"))
    bench.clock.advance(5)
    assert await bench.store.claim(bench.address, "t1", "W") == Claimed("t1", "b", 2, "W", START + 5)
    await bench.store.settle(bench.address, "t1", "W", Settlement("retry", at=START + 5))
    assert await bench.store.claim(bench.address, "t1", "X") == Claimed("t1", "b", 3, "X", START + 5)


async def test_unknown_entries_are_gone(bench: Bench) -> None:
    """An entry that does not exist is gone, for a claim and a settlement."""
    assert await bench.store.claim(bench.address, "t1", "W") == GONE
    assert not await bench.store.settle(bench.address, "t1", "W", DONE)


async def test_settled_entries_are_kept_for_a_while_and_then_trimmed(bench: Bench) -> None:
    """The last 64 of a lane can still be read; older ones leave no trace."""
    for n in range(1, 71):
        bench.clock.advance(1)
        await sent(bench, text(f"p{n}"))
        await bench.store.settle(bench.address, f"t{n}", "T1", DONE)
    assert await bench.store.outbox_entry(bench.address, "t6") is None
    assert await bench.store.outbox_entry(bench.address, "t7") == "p7"
    assert await bench.store.link.call("HLEN", bench.store.keys.customer(bench.address)[3]) == 64 * 2
    assert await bench.due() == set()


async def test_nothing_stays_due_when_all_is_done(bench: Bench) -> None:
    """After a whole story, `due` holds nothing of the customer."""
    grant = await bench.grant()
    done = await bench.commit(
        grant, Commit(document="d", consumed=1, outbox=(text("a"), text("b")), timers={"x": START + 5})
    )
    await bench.store.settle(bench.address, done.claimed[0].entry, "T1", DONE)
    await bench.store.claim(bench.address, "t2", "W")
    await bench.store.settle(bench.address, "t2", "W", Settlement("unknown", at=START))
    await bench.store.claim(bench.address, "t2", "W")
    await bench.store.settle(bench.address, "t2", "W", Settlement("done", carrier_id="SMy"))
    last = await bench.grant("SM2", "T2")
    await bench.commit(last, Commit(document="d", consumed=1))
    bench.clock.advance(10_000)
    assert await bench.due() == set()
