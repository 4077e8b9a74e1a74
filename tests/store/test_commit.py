"""Commit, lease, timers and poll: all or nothing, fenced, repeatable, on the fake and on a real server."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import ContractError
from orchestrator.core.ids import stable_id, with_partition
from orchestrator.ports import (
    Busy,
    Commit,
    Duplicate,
    Fenced,
    Grant,
    Inboxed,
    OutboxEntry,
    Queued,
)
from orchestrator.store import memory_store
from tests.store.conftest import START, Bench

pytestmark = pytest.mark.anyio


def ids(events: tuple[Inboxed, ...]) -> list[str]:
    """The event ids of an inbox."""
    return [event.event_id for event in events]


async def test_a_commit_is_fenced_by_token_and_version(bench: Bench) -> None:
    """A holder frozen past its lease changes nothing; neither does a wrong version."""
    old = await bench.grant()
    bench.clock.advance(16)
    new = await bench.store.begin(bench.address, "T2")
    assert isinstance(new, Grant)
    assert await bench.store.commit(old, 0, Commit(document="old", consumed=1)) == Fenced()
    assert await bench.store.commit(new, 1, Commit(document="new", consumed=1)) == Fenced()
    assert await bench.store.document(bench.address) is None
    done = await bench.commit(new, Commit(document="new", consumed=1))
    assert (done.version, done.left) == (1, ())
    assert await bench.store.document(bench.address) == "new"


async def test_a_lease_that_ended_unnoticed_still_commits(bench: Bench) -> None:
    """As long as nobody else took the lease, its holder is the holder."""
    grant = await bench.grant()
    bench.clock.advance(100)
    assert await bench.store.renew(grant)
    bench.clock.advance(100)
    await bench.commit(grant, Commit(document="d", consumed=1))


async def test_a_repeated_commit_changes_nothing_and_answers_the_same(bench: Bench) -> None:
    """Version, entries, claims and what is left are the same when the answer was lost."""
    grant = await bench.grant()
    await bench.store.accept(bench.address, Inboxed("SM2", "b"))
    change = Commit(
        document="d",
        consumed=1,
        outbox=(OutboxEntry("t", "one"), OutboxEntry("t", "two"), OutboxEntry("c", "three")),
        timers={"session": START + 60},
    )
    first = await bench.commit(grant, change)
    assert first.entries == ("t1", "t2", "c1")
    assert [claimed.entry for claimed in first.claimed] == ["t1", "c1"]
    bench.clock.advance(1)
    assert await bench.store.commit(grant, 0, change) == first
    other = await bench.store.begin(bench.address, "T2")
    assert isinstance(other, Grant)
    assert (other.version, ids(other.inbox)) == (1, ["SM2"])


async def test_renewing_holds_the_lease_and_the_recovery_back(bench: Bench) -> None:
    """A holder that renews is not disturbed; another token renews nothing."""
    grant = await bench.grant()
    for _ in range(4):
        bench.clock.advance(10)
        assert await bench.store.renew(grant)
        assert await bench.due() == set()
        assert isinstance(await bench.store.begin(bench.address, "V", event_id="CA:1", leg="CA"), Busy)
    bench.clock.advance(15)
    assert await bench.due() == {("i", "")}
    assert isinstance(await bench.store.begin(bench.address, "T2"), Grant)
    assert not await bench.store.renew(grant)


async def test_release_gives_the_lease_back_and_asks_for_another_look(bench: Bench) -> None:
    """After a release the inbox is due in the time that was named; a second release does nothing."""
    grant = await bench.grant()
    await bench.store.release(grant, retry_in=3)
    assert await bench.due() == set()
    bench.clock.advance(3)
    assert await bench.due() == {("i", "")}
    assert isinstance(await bench.store.begin(bench.address, "T2"), Grant)
    await bench.store.release(grant)
    assert isinstance(await bench.store.begin(bench.address, "T3"), Busy)


async def test_the_inbox_is_due_when_the_present_lease_ends(bench: Bench) -> None:
    """A grant, a commit that keeps the lease, and a look that finds it held all put recovery off to then."""
    await bench.store.accept(bench.address, Inboxed("E1", "x"))
    member = f"i:{bench.address.customer}"
    bench.clock.advance(5)
    grant = await bench.store.begin(bench.address, "T1")
    assert isinstance(grant, Grant)
    assert await bench.due_at(member) == START + 20
    bench.clock.advance(5)
    await bench.commit(grant, Commit(document="d", consumed=1, keep_lease=True))
    assert await bench.due_at(member) == START + 25
    await bench.store.accept(bench.address, Inboxed("E2", "x"))
    bench.clock.advance(15)
    await bench.due()
    assert await bench.store.renew(grant)
    assert isinstance(await bench.store.begin(bench.address, "T2"), Busy)
    assert await bench.due_at(member) == START + 40


async def test_poll_hides_what_it_gave(bench: Bench) -> None:
    """What was polled comes back after two seconds, unless someone saw to it."""
    await bench.store.accept(bench.address, Inboxed("E", "x"))
    assert await bench.due() == {("i", "")}
    assert await bench.due() == set()
    bench.clock.advance(2)
    assert await bench.due() == {("i", "")}


async def test_timers_stay_due_until_a_commit_changes_them(bench: Bench) -> None:
    """A timer keeps its own moment however often it was polled, and leaves by a commit alone."""
    grant = await bench.grant()
    timers = {"session": START + 60, "reminder": START + 10}
    await bench.commit(grant, Commit(document="d", consumed=1, timers=timers))
    assert await bench.due() == set()
    bench.clock.advance(11)
    for _ in range(3):
        found = [due for due in await bench.store.poll(bench.address.partition) if due.kind == "t"]
        assert [(due.name, due.due_at, due.address) for due in found] == [
            ("reminder", START + 10, bench.address)
        ]
        bench.clock.advance(2)
    again = await bench.grant("SM2", "T2")
    await bench.commit(again, Commit(document="d", consumed=1, timers={"session": START + 90}))
    bench.clock.advance(60)
    assert await bench.due() == set()
    bench.clock.advance(60)
    assert await bench.due() == {("t", "session")}


async def test_a_timer_for_a_call_beside_keeps_its_address(bench: Bench) -> None:
    """The address of a call beside, and its timers and entries, come back whole from `due`."""
    beside = bench.address.beside("CA77")
    grant = await bench.store.accept(beside, Inboxed("E", "x"), "T")
    assert isinstance(grant, Grant)
    change = Commit(document="d", timers={"lost": START}, outbox=(OutboxEntry("t", "p", not_before=START),))
    await bench.store.commit(grant, 0, change)
    bench.clock.advance(30)
    found = [due for due in await bench.store.poll(beside.partition) if due.address == beside]
    assert {(due.kind, due.name) for due in found} == {("i", ""), ("t", "lost"), ("o", "t1")}


async def test_ids_seen_with_a_commit_are_duplicates(bench: Bench) -> None:
    """What was answered without the inbox is taken as well."""
    grant = await bench.grant()
    await bench.commit(grant, Commit(document="d", consumed=1, seen=("CA:1",)))
    assert await bench.store.accept(bench.address, Inboxed("CA:1", "x")) == Duplicate()


async def test_seen_ids_are_bounded_but_never_forget_the_inbox(bench: Bench) -> None:
    """256 ids are remembered beside those that still wait; a day later they are forgotten."""
    grant = await bench.grant()
    await bench.store.accept(bench.address, Inboxed("waits", "x"))
    bench.clock.advance(1)
    many = tuple(f"id{n:03}" for n in range(300))
    await bench.commit(grant, Commit(document="d", consumed=1, seen=many))
    key = bench.store.keys.customer(bench.address)[2]
    assert await bench.store.link.call("ZCARD", key) == 257
    assert await bench.store.accept(bench.address, Inboxed("id299", "x")) == Duplicate()
    bench.clock.advance(86_401)
    assert await bench.store.accept(bench.address, Inboxed("new", "x")) == Queued()
    assert await bench.store.link.call("ZCARD", key) == 1


async def test_consent_is_the_number_s_and_shared_with_calls_beside(bench: Bench) -> None:
    """An opt-out committed under the number is seen at the address of a call beside it."""
    grant = await bench.grant()
    await bench.commit(grant, Commit(document="d", consumed=1, consent="opted_out", consent_source="keyword"))
    beside = await bench.store.begin(bench.address.beside("CA2"), "T", event_id="CA2:0", leg="CA2")
    assert isinstance(beside, Grant)
    assert beside.consent == "opted_out"


async def test_two_calls_from_one_number_do_not_wait_for_each_other(bench: Bench) -> None:
    """The address beside has its own lease, version and inbox."""
    await bench.grant()
    beside = await bench.store.accept(bench.address.beside("CA2"), Inboxed("SM1", "x"), "T2")
    assert isinstance(beside, Grant)
    assert ids(beside.inbox) == ["SM1"]


async def test_the_record_of_an_ended_session_is_kept_for_the_retention_time(bench: Bench) -> None:
    """The record is read by the session's id and expires."""
    session_id = with_partition(stable_id(START, "s"), bench.address.partition)
    grant = await bench.grant()
    await bench.commit(grant, Commit(document="d", consumed=1, record=(session_id, "r" * 2000)))
    assert await bench.store.record(session_id) == "r" * 2000
    left = await bench.store.link.call("PTTL", bench.store.keys.record(bench.address.partition, session_id))
    assert 6.9 * 86_400_000 < left <= 7 * 86_400_000


async def test_a_customer_lives_past_its_last_timer(bench: Bench) -> None:
    """The hash outlives what it holds by the retention time."""
    grant = await bench.grant()
    far = START + 30 * 86_400
    await bench.commit(grant, Commit(document="d", consumed=1, timers={"session": far}))
    left = await bench.store.link.call("PTTL", bench.store.keys.customer(bench.address)[0])
    assert 36.9 * 86_400_000 < left <= 37 * 86_400_000


async def test_a_timer_s_name_is_a_word(bench: Bench) -> None:
    """A name that could not be read back is a bug, told before anything changes."""
    grant = await bench.grant()
    with pytest.raises(ContractError):
        await bench.store.commit(grant, 0, Commit(document="d", timers={"a:b": 1.0}))


async def test_without_a_clock_the_server_s_time_holds() -> None:
    """Leases end by the time of the store's server when no clock is injected."""
    store = memory_store(lease=0.0)
    address = store.address("support", "+15550101234")
    assert isinstance(await store.accept(address, Inboxed("E1", "x"), "T1"), Grant)
    assert isinstance(await store.begin(address, "T2"), Grant)
    assert [due.kind for due in await store.poll(address.partition)] == ["i"]
    await store.close()
