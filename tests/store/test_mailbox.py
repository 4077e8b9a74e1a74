"""Accept and begin: one customer, one order, on the fake and on a real server."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import ContractError
from orchestrator.ports import (
    Answered,
    Busy,
    Commit,
    Committed,
    Duplicate,
    Empty,
    Full,
    Grant,
    Inboxed,
    LegAnswer,
    Queued,
)
from tests.store.conftest import Bench

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
