"""Outbox entries, as tests of the store commit and see them."""

from __future__ import annotations

from orchestrator.ports import (
    Commit,
    Committed,
    Grant,
    OutboxEntry,
    Settlement,
    Unclaimed,
)
from tests.store.conftest import Bench

WAIT, GONE = Unclaimed("wait"), Unclaimed("gone")


DONE = Settlement("done", carrier_id="SMx")


async def sent(bench: Bench, *entries: OutboxEntry, **more: object) -> Committed:
    """A commit with these entries; the lease is free afterwards."""
    grant = await bench.store.begin(bench.address, "T1", event_id=f"v{bench.clock.time}", leg="CA")
    assert isinstance(grant, Grant)
    return await bench.commit(grant, Commit(document="d", outbox=entries, **more))  # type: ignore[arg-type]  # fields of Commit by name


def text(payload: str, *, guarded: bool = False, not_before: float = 0.0) -> OutboxEntry:
    """A text's entry."""
    return OutboxEntry("t", payload, guarded, not_before)


async def inbox(bench: Bench) -> list[str]:
    """Event ids that wait, without taking the lease for long."""
    got = await bench.store.begin(bench.address, "look")
    if not isinstance(got, Grant):
        return []
    await bench.store.release(got)
    return [event.event_id for event in got.inbox]
