"""Dead letters, backlog, consent records, erasing, and what is found and remembered."""

from __future__ import annotations

import json

import pytest

from orchestrator.core.ids import stable_id, with_partition
from orchestrator.ports import Behind, Commit, DeadLetter, Grant, Inboxed, OutboxEntry
from orchestrator.ports.overhearing import Half
from tests.store.conftest import START, Bench

pytestmark = pytest.mark.anyio

NUMBER = "+15550109999"


async def bury(bench: Bench) -> DeadLetter:
    """A dead letter of this customer."""
    grant = await bench.grant("SM1")
    await bench.commit(grant, Commit(document="d", consumed=1, dead="poison"))
    return next(letter for letter in await bench.store.dead_letters() if letter.address == bench.address)


async def test_given_up_events_are_dead_letters_once(bench: Bench) -> None:
    """The payload, reason and moment are kept, and a repeated commit keeps them once."""
    grant = await bench.grant("SM1")
    change = Commit(document="d", consumed=1, dead="poison")
    await bench.commit(grant, change)
    await bench.commit(grant, change)
    found = [letter for letter in await bench.store.dead_letters() if letter.address == bench.address]
    assert len(found) == 1
    assert (found[0].event, found[0].reason, found[0].at) == (
        Inboxed("SM1", "body of SM1"),
        "poison",
        START,
    )


async def test_a_dead_letter_is_tried_again_once(bench: Bench) -> None:
    """It comes back into the inbox, due at once, and is no dead letter any more."""
    letter = await bury(bench)
    assert await bench.store.retry_dead(letter)
    assert not await bench.store.retry_dead(letter)
    assert await bench.due() == {("i", "")}
    got = await bench.store.begin(bench.address, "T2")
    assert isinstance(got, Grant)
    assert got.inbox == (Inboxed("SM1", "body of SM1", 1),)


async def test_a_dead_letter_is_dropped(bench: Bench) -> None:
    """Dropped, it leaves nothing to do."""
    letter = await bury(bench)
    assert await bench.store.drop_dead(letter)
    assert not await bench.store.retry_dead(letter)
    assert await bench.due() == set()


async def test_the_backlog_counts_what_waits(bench: Bench) -> None:
    """What is scheduled, what is overdue, and what is dead."""
    before = await bench.store.backlog()
    await bury(bench)
    await bench.store.accept(bench.address, Inboxed("SM2", "x"))
    after = await bench.store.backlog()
    assert (after.scheduled, after.overdue, after.dead) == (
        before.scheduled + 1,
        before.overdue + 1,
        before.dead + 1,
    )


async def test_consent_tells_since_when_and_by_what(bench: Bench) -> None:
    """The record names the last change; saying the same again does not move it."""
    assert await bench.store.consent_record(bench.address) is None
    assert await bench.store.consent(bench.address) == "opted_in"
    grant = await bench.grant()
    change = Commit(document="d", consumed=1, consent="opted_out", consent_source="keyword", keep_lease=True)
    await bench.commit(grant, change)
    bench.clock.advance(5)
    await bench.store.commit(grant, 1, Commit(document="d", consent="opted_out", consent_source="api"))
    record = await bench.store.consent_record(bench.address)
    assert record is not None
    assert (record.state, record.since, record.source) == ("opted_out", START, "keyword")
    assert await bench.store.consent(bench.address.beside("CA1")) == "opted_out"
    key = bench.store.keys.consent(bench.address)
    assert await bench.store.link.call("PTTL", key) == -1


@pytest.mark.parametrize("forget", [False, True])
async def test_erasing_leaves_the_opt_out_alone(bench: Bench, *, forget: bool) -> None:
    """Nothing of the customer is left in any key but the mark of the opt-out, unless that goes too."""
    address = bench.address
    session_id = with_partition(stable_id(1, address.customer), address.partition)
    grant = await bench.grant()
    await bench.commit(
        grant,
        Commit(
            document=f"{NUMBER}",
            consumed=1,
            consent="opted_out",
            outbox=(OutboxEntry("t", NUMBER, guarded=True),),
            timers={"session": START + 99},
            record=(session_id, NUMBER),
        ),
    )
    summary = json.dumps({"id": session_id, "customer": {"phone_number": NUMBER}})
    line, refusal = json.dumps({"id": "1", "number": NUMBER}), json.dumps({"phone_number": NUMBER})
    behind = Behind(session_id, summary, "in_call", START, (line,), (refusal,))
    await bench.store.write_behind(address, behind)
    assert await bench.store.sessions_of(address) == {session_id: address}
    await leave_a_call_beside(bench)
    for _ in range(2):
        erased = await bench.store.erase(address, number=NUMBER, forget_opt_out=forget)
    assert erased == 0
    assert await left_of(bench, session_id) == ([] if forget else [bench.store.keys.consent(address)])
    assert await bench.store.consent(address) == ("opted_in" if forget else "opted_out")


async def leave_a_call_beside(bench: Bench) -> None:
    """An event that was given up, one that waits, and words that are just said: in a call of this customer that no
    list tells of.
    """
    beside = bench.address.beside("CA1")
    grant = await bench.store.accept(beside, Inboxed("SM8", NUMBER), "T8")
    assert isinstance(grant, Grant)
    await bench.commit(grant, Commit(document=NUMBER, consumed=1, dead="poison"))
    await bench.store.accept(beside, Inboxed("SM9", NUMBER))
    await bench.store.overhear(beside, Half("CA1", 1, 1, NUMBER))


async def test_erasing_leaves_others_alone(bench: Bench) -> None:
    """A number that begins like theirs, and lives in the same partition, keeps its refusals and dead letters."""
    store, keys = bench.store, bench.store.keys
    longer = next(
        number
        for number in (f"{NUMBER}{digits}" for digits in range(10, 1000))
        if store.address("support", number).partition == bench.address.partition
    )
    other = store.address("support", longer)
    await store.write_behind(other, Behind("", "", "", START, (), (json.dumps({"phone_number": longer}),)))
    grant = await store.accept(other, Inboxed("SM1", longer), "T1")
    assert isinstance(grant, Grant)
    await bench.commit(grant, Commit(document="d", consumed=1, dead="poison"))
    await store.erase(bench.address, number=NUMBER)
    refused = await store.link.call("ZRANGE", keys.of(other.partition, "refused"), 0, -1)
    assert any(longer.encode() in text for text in refused)
    assert any(letter.address == other for letter in await store.dead_letters())


async def left_of(bench: Bench, session_id: str) -> list[str]:
    """Keys whose name or content still tells of the customer."""
    told = []
    words = [word.encode() for word in (bench.address.customer, session_id, NUMBER)]
    commands = {b"hash": ("HGETALL",), b"stream": ("XRANGE", "-", "+"), b"zset": ("ZRANGE", 0, -1)}
    for key in await bench.store.link.call("KEYS", f"tandem:{{{bench.address.partition}}}:*"):
        command = commands.get(await bench.store.link.call("TYPE", key), ("EXISTS",))
        content = str(await bench.store.link.call(command[0], key, *command[1:]))
        if any(word in key or word.decode() in content for word in words):
            told.append(key.decode())
    return told


async def test_a_customer_key_from_outside_is_checked(bench: Bench) -> None:
    """Only what can be a customer key is located; anything else is none."""
    store, address = bench.store, bench.address
    assert store.locate(address.customer) == address
    assert store.locate(address.beside("CA1").customer) == address.beside("CA1")
    for nonsense in ("", "x", address.customer + ":1", address.customer.upper() + "~", "../" * 11):
        assert store.locate(nonsense) is None
    assert not await store.exists(address)
    await bench.grant()
    assert await store.exists(address)


async def test_the_first_answer_under_a_key_stands(bench: Bench) -> None:
    """What an Idempotency-Key remembers is not replaced."""
    store, address = bench.store, bench.address
    assert await store.recall(address, "k") is None
    await store.remember(address, "k", "first")
    await store.remember(address, "k", "second")
    assert await store.recall(address, "k") == "first"


async def test_lines_are_written_after_the_newest_were_erased(bench: Bench) -> None:
    """The log goes on in the very moment whose lines were erased: the server forgets no id that it gave."""
    address = bench.address
    session_id = with_partition(stable_id(1, address.customer), address.partition)
    for line in ("1", "2"):
        lines = (json.dumps({"id": line}),)
        await bench.store.write_behind(address, Behind(session_id, "{}", "in_call", START, lines, ()))
        await bench.store.erase(address, number=NUMBER)
    await bench.store.write_behind(
        address, Behind(session_id, "{}", "in_call", START, (json.dumps({"id": "3"}),), ())
    )
    assert [line["id"] for line in await bench.store.events(session_id)] == ["3"]
