"""Accept, begin, commit, lease and poll: one customer, one order, on the fake and on a real server."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import ContractError
from orchestrator.core.ids import stable_id, with_partition
from orchestrator.ports import (
    Answered,
    Busy,
    Commit,
    Committed,
    Duplicate,
    Empty,
    Fenced,
    Full,
    Grant,
    Inboxed,
    LegAnswer,
    OutboxEntry,
    Queued,
)
from orchestrator.store import memory_store
from tests.store.conftest import START, Bench

pytestmark = pytest.mark.anyio


def ids(events: tuple[Inboxed, ...]) -> list[str]:
    """The event ids of an inbox."""
    return [event.event_id for event in events]


async def test_accept_takes_the_free_lease_in_the_same_trip(bench: Bench) -> None:
    """An accepted text gives lease, document, consent and inbox in one round trip."""
    before = bench.store.link.trips
    got = await bench.store.accept(bench.address, Inboxed("SM1", "hello"), "T1")
    assert got == Grant(bench.address, "T1", 0, None, "opted_in", (Inboxed("SM1", "hello", 1),))
    assert bench.store.link.trips in {before + 1, before + 2}  # two where the script was not known yet


async def test_accept_again_by_the_same_token_is_the_same_grant(bench: Bench) -> None:
    """When the answer was lost, the call repeated gives the same grant, and no second attempt."""
    assert await bench.grant() == await bench.grant()


async def test_accept_twice_is_taken_once(bench: Bench) -> None:
    """The same event id is a duplicate, during its turn and after it."""
    grant = await bench.grant()
    assert await bench.store.accept(bench.address, Inboxed("SM1", "again"), "T2") == Duplicate()
    await bench.commit(grant, Commit(document="d", consumed=1))
    assert await bench.store.accept(bench.address, Inboxed("SM1", "again"), "T2") == Duplicate()
    assert await bench.store.begin(bench.address, "T3") == Empty()


async def test_accept_waits_behind_a_holder(bench: Bench) -> None:
    """While someone holds the lease, a text is stored and due when the lease ends."""
    await bench.grant()
    assert await bench.store.accept(bench.address, Inboxed("SM2", "b"), "T2") == Queued()
    assert await bench.due() == set()
    bench.clock.advance(15)
    assert await bench.due() == {("i", "")}


async def test_accept_without_a_token_is_due_at_once(bench: Bench) -> None:
    """A fact that nobody works off is looked at now."""
    assert await bench.store.accept(bench.address, Inboxed("E", "x")) == Queued()
    assert await bench.due() == {("i", "")}


async def test_a_full_inbox_takes_nothing_more_but_knows_what_it_has(bench: Bench) -> None:
    """At the bound an event is refused and not remembered; what is in it is still a duplicate."""
    for n in range(5):
        assert await bench.store.accept(bench.address, Inboxed(f"E{n}", "x")) == Queued()
    assert await bench.store.accept(bench.address, Inboxed("E5", "x"), "T1") == Full()
    assert await bench.store.accept(bench.address, Inboxed("E0", "x")) == Duplicate()
    grant = await bench.store.begin(bench.address, "T1")
    assert isinstance(grant, Grant)
    await bench.commit(grant, Commit(document="d", consumed=5))
    assert await bench.store.accept(bench.address, Inboxed("E5", "x")) == Queued()


async def test_an_event_needs_an_id(bench: Bench) -> None:
    """Without an id nothing can be taken once: that is a bug, told loudly."""
    with pytest.raises(ContractError):
        await bench.store.accept(bench.address, Inboxed("", "x"))


async def test_ids_and_payloads_may_hold_anything(bench: Bench) -> None:
    """Line breaks, colons, digits and other alphabets come back as they were."""
    event = Inboxed("12:3\nü", '7:\n{"a": "žluťoučký 🐴"}')
    got = await bench.store.accept(bench.address, event, "T1")
    assert isinstance(got, Grant)
    assert got.inbox == (event,)


async def test_the_inbox_keeps_the_order_of_acceptance(bench: Bench) -> None:
    """Events leave in the order in which they were taken."""
    grant = await bench.grant("E1")
    for n in (2, 3):
        await bench.store.accept(bench.address, Inboxed(f"E{n}", "x"))
    first = await bench.commit(grant, Commit(document="d", consumed=1, keep_lease=True))
    assert ids(first.left) == ["E2", "E3"]
    second = await bench.store.commit(grant, 1, Commit(document="e", consumed=1))
    assert isinstance(second, Committed)
    assert ids(second.left) == ["E3"]
    assert await bench.due() == {("i", "")}


async def test_begin_for_a_voice_request_names_the_holder(bench: Bench) -> None:
    """A held lease answers who holds it, and for which event."""
    await bench.grant("SM1")
    assert await bench.store.begin(bench.address, "V", event_id="CA:1", leg="CA") == Busy("a", "SM1")
    await bench.store.release(await bench.grant("SM1"))
    assert isinstance(await bench.store.begin(bench.address, "V", event_id="CA:1", leg="CA"), Grant)
    assert await bench.store.begin(bench.address, "W", event_id="CA:2", leg="CA") == Busy("v", "CA:1")


async def test_begin_again_by_the_same_token_is_the_same_grant(bench: Bench) -> None:
    """A repeated begin after a lost answer is invisible."""
    await bench.store.accept(bench.address, Inboxed("E", "x"))
    assert await bench.store.begin(bench.address, "T") == await bench.store.begin(bench.address, "T")


async def answer(bench: Bench, event: str, ordinal: int, text: str, token: str) -> None:
    """One answered voice request."""
    grant = await bench.store.begin(bench.address, token, event_id=event, leg="CA", ordinal=ordinal)
    assert isinstance(grant, Grant)
    await bench.commit(grant, Commit(document="d", answer=LegAnswer("CA", event, ordinal, text)))


async def test_a_repeated_voice_request_gets_the_same_answer(bench: Bench) -> None:
    """The last answer of a leg is given again, byte for byte, without a lease."""
    text = "<Response>" + "é" * 600
    await answer(bench, "CA:0", 0, text, "V1")
    assert await bench.store.begin(bench.address, "V2", event_id="CA:0", leg="CA") == Answered(text)


async def test_a_late_voice_request_gets_the_newest_answer(bench: Bench) -> None:
    """A request of a document before the last answered one is stale; one after it is a turn."""
    await answer(bench, "CA:0", 0, "zero", "V1")
    await answer(bench, "CA:1", 1, "one", "V2")
    late = await bench.store.begin(bench.address, "V3", event_id="CA:0", leg="CA", ordinal=0)
    assert late == Answered("one", stale=True)
    same = await bench.store.begin(bench.address, "V3", event_id="other", leg="CA", ordinal=1)
    assert same == Answered("one", stale=True)
    assert isinstance(
        await bench.store.begin(bench.address, "V3", event_id="CA:2", leg="CA", ordinal=2), Grant
    )


async def test_a_request_without_an_order_hides_no_older_one(bench: Bench) -> None:
    """After an answer with ordinal -1 the highest ordinal still tells what is stale, and what is not."""
    await answer(bench, "CA:3", 3, "three", "V1")
    await answer(bench, "resume", -1, "four", "V2")
    stale = await bench.store.begin(bench.address, "V3", event_id="x", leg="CA", ordinal=3)
    assert stale == Answered("four", stale=True)
    assert isinstance(await bench.store.begin(bench.address, "V3", event_id="y", leg="CA", ordinal=4), Grant)


async def test_legs_do_not_answer_each_other(bench: Bench) -> None:
    """The answer of one leg is no answer of another, and only the last four legs are kept."""
    await answer(bench, "CA:0", 0, "zero", "V1")
    got = await bench.store.begin(bench.address, "V2", event_id="CA:0", leg="CB", ordinal=0)
    assert isinstance(got, Grant)
    for n in range(4):
        change = Commit(document="d", answer=LegAnswer(f"L{n}", f"L{n}:0", 0, "x"), keep_lease=True)
        await bench.store.commit(got, got.version + n, change)
    await bench.store.release(got)
    kept = await bench.store.begin(bench.address, "V3", event_id="L0:0", leg="L0")
    assert kept == Answered("x")
    assert isinstance(await bench.store.begin(bench.address, "V3", event_id="CA:0", leg="CA"), Grant)


async def test_a_voice_event_in_the_inbox_is_not_lost(bench: Bench) -> None:
    """A voice request that was put into the inbox while the lease was held comes with the grant."""
    grant = await bench.grant()
    await bench.store.accept(bench.address, Inboxed("CA:1", "speech"))
    await bench.commit(grant, Commit(document="d", consumed=1))
    got = await bench.store.begin(bench.address, "V", event_id="CA:1", leg="CA", ordinal=1)
    assert isinstance(got, Grant)
    assert ids(got.inbox) == ["CA:1"]


async def test_working_off_an_empty_inbox(bench: Bench) -> None:
    """Without events and without a pending turn there is nothing, and nothing stays due."""
    grant = await bench.grant()
    await bench.commit(grant, Commit(document="d", consumed=1, keep_lease=True))
    assert await bench.store.begin(bench.address, "T2") == Busy("a", "")
    bench.clock.advance(15)
    assert await bench.due() == {("i", "")}
    assert await bench.store.begin(bench.address, "T2") == Empty()
    bench.clock.advance(60)
    assert await bench.due() == set()


async def test_a_pending_turn_is_picked_up_when_the_lease_ends(bench: Bench) -> None:
    """After a commit that left a turn unfinished, a crash is found although the inbox is empty."""
    grant = await bench.grant()
    await bench.commit(grant, Commit(document="d", consumed=1, keep_lease=True, unfinished=True))
    bench.clock.advance(14.9)
    assert await bench.due() == set()
    bench.clock.advance(0.1)
    assert await bench.due() == {("i", "")}
    got = await bench.store.begin(bench.address, "T2")
    assert isinstance(got, Grant)
    assert (got.version, got.document, got.inbox) == (1, "d", ())
    await bench.commit(got, Commit(document="e"))
    bench.clock.advance(60)
    assert await bench.due() == set()


async def test_attempts_count_grants_without_a_commit(bench: Bench) -> None:
    """Each lease that began the head event and was lost counts; a commit starts the next at one."""
    await bench.grant("E1")
    await bench.store.accept(bench.address, Inboxed("E2", "x"))
    grants = []
    for n in range(2, 5):
        bench.clock.advance(16)
        grants.append(await bench.store.begin(bench.address, f"T{n}"))
    last = grants[-1]
    assert isinstance(last, Grant)
    assert [event.attempt for event in last.inbox] == [4, 1]
    done = await bench.commit(last, Commit(document="d", consumed=1, keep_lease=True))
    assert [event.attempt for event in done.left] == [1]
    bench.clock.advance(16)
    again = await bench.store.begin(bench.address, "T9")
    assert isinstance(again, Grant)
    assert [event.attempt for event in again.inbox] == [2]


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
        assert isinstance(await bench.store.begin(bench.address, "T2"), Busy)
    bench.clock.advance(15)
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
