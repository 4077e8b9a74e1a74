"""What an opt-out does to entries of the outbox, on the fake and the real server."""

from __future__ import annotations

import pytest

from orchestrator.ports import (
    Claimed,
    Commit,
    Committed,
    Grant,
    Inboxed,
    OutboxEntry,
    Settlement,
    Unclaimed,
)
from tests.store.conftest import START, Bench
from tests.store.entries import DONE, GONE, WAIT, sent, text

pytestmark = pytest.mark.anyio


async def test_a_guarded_entry_of_an_opted_out_customer_fails_in_the_claim(bench: Bench) -> None:
    """Consent is looked at in the step that claims, whatever waits before; the repeat says so again."""
    await sent(bench, text("a"), text("b", guarded=True), text("c"))
    await sent(bench, consent="opted_out", consent_source="keyword")
    got = await bench.store.claim(bench.address, "t2", "W")
    assert got == Unclaimed("opted_out", "b")
    assert await bench.store.claim(bench.address, "t2", "W") == got
    assert await bench.store.claim(bench.address, "t2", "X") == GONE
    await bench.store.settle(bench.address, "t1", "T1", DONE)
    assert isinstance(await bench.store.claim(bench.address, "t3", "W"), Claimed)


async def test_a_commit_claims_nothing_guarded_for_an_opted_out_customer(bench: Bench) -> None:
    """An opt-out in the same commit, or before it, keeps its guarded entries from being claimed."""
    done = await sent(bench, text("a", guarded=True), consent="opted_out")
    assert (done.entries, done.claimed) == (("t1",), ())
    assert await bench.due() == {("o", "t1")}
    assert await bench.store.claim(bench.address, "t1", "W") == Unclaimed("opted_out", "a")
    beside = bench.address.beside("CA9")
    grant = await bench.store.accept(beside, Inboxed("E", "x"), "T9")
    assert isinstance(grant, Grant)
    second = await bench.store.commit(grant, 0, Commit(document="d", outbox=(text("b", guarded=True),)))
    assert isinstance(second, Committed)
    assert second.claimed == ()


async def test_nothing_guarded_leaves_while_an_opt_out_waits(bench: Bench) -> None:
    """Until the opt-out is worked off nothing is claimed, by a commit or later; then consent decides."""
    grant = await bench.grant()
    await bench.store.accept(bench.address, Inboxed("STOP", "x", opts_out=True))
    both = (text("a", guarded=True), OutboxEntry("c", "x"))
    done = await bench.commit(grant, Commit(document="d", consumed=1, keep_lease=True, outbox=both))
    assert [claimed.entry for claimed in done.claimed] == ["c1"]
    assert await bench.store.claim(bench.address, "t1", "W") == WAIT
    await bench.store.commit(grant, done.version, Commit(document="d", consumed=1))
    assert isinstance(await bench.store.claim(bench.address, "t1", "W"), Claimed)


async def test_an_opt_out_that_is_erased_or_lost_holds_nothing_up_for_long(bench: Bench) -> None:
    """Erasing a customer removes what waited of them; whatever else is lost is waited for a day."""
    await bench.store.accept(bench.address, Inboxed("STOP", "x", opts_out=True))
    await bench.store.erase(bench.address, number="+15550101234")
    assert (await sent(bench, text("a", guarded=True))).claimed
    await bench.store.settle(bench.address, "t1", "T1", DONE)
    await bench.store.accept(bench.address, Inboxed("STOP 2", "x", opts_out=True))
    await bench.store.link.call("DEL", bench.store.keys.customer(bench.address)[1])
    await sent(bench, text("b", guarded=True))
    bench.clock.advance(86_400)
    assert isinstance(await bench.store.claim(bench.address, "t2", "W"), Claimed)


async def test_what_an_opt_out_met_never_leaves(bench: Bench) -> None:
    """It is due at once, whatever it waited for, and fails in the claim also after an opt-in; what is new leaves."""
    tomorrow = START + 86_400
    await sent(
        bench,
        OutboxEntry("q", "a", guarded=True, not_before=tomorrow),
        OutboxEntry("q", "b", not_before=tomorrow),
    )
    await sent(bench, text("c"), text("d", guarded=True))
    await bench.store.settle(bench.address, "t1", "T1", Settlement("retry", at=tomorrow))
    assert await bench.due() == set()
    await sent(bench, consent="opted_out")
    assert await bench.due() == {("o", "q1"), ("o", "t2")}
    await sent(bench, consent="opted_in")
    assert await bench.store.claim(bench.address, "q1", "W") == Unclaimed("opted_out", "a")
    assert await bench.store.claim(bench.address, "t2", "W") == Unclaimed("opted_out", "d")
    assert await bench.store.claim(bench.address, "q2", "W") == WAIT
    done = await sent(bench, OutboxEntry("q", "e", guarded=True))
    assert await bench.store.claim(bench.address, "q3", "W") == WAIT  # in order behind the second
    bench.clock.advance(86_400)
    await bench.store.claim(bench.address, "q2", "W")
    await bench.store.settle(bench.address, "q2", "W", DONE)
    assert isinstance(await bench.store.claim(bench.address, "q3", "W"), Claimed)
    assert done.claimed == ()


async def test_an_opt_out_reaches_what_failed_and_is_sent_once_more(bench: Bench) -> None:
    """A text that was with the carrier when the customer opted out is not sent a second time after an opt-in."""
    await sent(bench, text("a", guarded=True))
    await sent(bench, consent="opted_out")
    await sent(bench, consent="opted_in")
    await bench.store.settle(bench.address, "t1", "T1", Settlement("retry", at=START))
    assert await bench.store.claim(bench.address, "t1", "W") == Unclaimed("opted_out", "a")


async def test_opting_in_again_lets_texts_pass(bench: Bench) -> None:
    """Consent is what the last commit said."""
    await sent(bench, consent="opted_out")
    done = await sent(bench, text("a", guarded=True), consent="opted_in")
    assert len(done.claimed) == 1
