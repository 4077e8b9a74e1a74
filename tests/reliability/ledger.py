"""What really happened, written down beside the store: independent of what any process believes.

`Witness` stands between the gate and the store of a process. It sees each call that reached Redis,
with its answer, whether or not the process lived to learn it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from orchestrator.core.effects import SendMessage
from orchestrator.core.session import Session, from_document
from orchestrator.outbox.entries import read_entry
from orchestrator.ports import (
    Accepted,
    Address,
    Claimed,
    Commit,
    Committed,
    Delivery,
    Fenced,
    Grant,
    Inboxed,
    Queued,
    Settlement,
    Uncertain,
    Unclaimed,
)
from orchestrator.store import RedisStore
from tests.reliability import virtual


@dataclass(frozen=True)
class Written:
    """One commit that held, in the order of holding."""

    address: Address
    version: int
    events: tuple[str, ...]
    before: Session | None
    after: Session
    dead: str = ""


@dataclass
class Ledger:
    """Everything that reached the store and counts."""

    accepted: list[tuple[Address, str]] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    entries: dict[tuple[Address, str], str] = field(default_factory=dict)
    made_twice: list[str] = field(default_factory=list)
    recorded: dict[tuple[str, str], str] = field(default_factory=dict)
    claimed_at: dict[tuple[str, str], int] = field(default_factory=dict)
    opted_out: dict[str, int] = field(default_factory=dict)
    marks: set[tuple[Address, str, int]] = field(default_factory=set)
    steps: int = 0

    def step(self) -> int:
        """The next number of the order in which things happened."""
        self.steps += 1
        return self.steps

    def text_ids(self) -> list[str]:
        """The texts of all entries, in the order of their making."""
        effects = [read_entry(payload).effect for payload in self.entries.values()]
        return [effect.text_id for effect in effects if isinstance(effect, SendMessage)]


class Witness:
    """One process's store, with the ledger beside it."""

    def __init__(self, store: RedisStore, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        """Whatever the ledger has no interest in."""
        return getattr(self._store, name)

    async def accept(self, address: Address, event: Inboxed, token: str | None = None) -> Accepted:
        """Notes what was taken for the first time."""
        known = await self._store.link.call("ZSCORE", self._store.keys.customer(address)[2], event.event_id)
        taken = await self._store.accept(address, event, token)
        if isinstance(taken, Grant | Queued) and known is None:
            self._ledger.accepted.append((address, event.event_id))
        return taken

    async def commit(self, grant: Grant, version: int, change: Commit) -> Committed | Fenced:
        """Notes what held: which events, and what is to be sent."""
        address, ledger = grant.address, self._ledger
        head = await self._store.link.call(
            "LRANGE", self._store.keys.customer(address)[1], 0, change.consumed - 1
        )
        before = await self._store.document(address)
        done = await self._store.commit(grant, version, change)
        mark = (address, grant.token, version)
        if isinstance(done, Fenced) or mark in ledger.marks:
            return done
        ledger.marks.add(mark)
        events = tuple(_id(entry) for entry in head) if change.consumed else ()
        ledger.written.append(
            Written(
                address,
                done.version,
                (*events, *change.seen),
                from_document(before) if before else None,
                from_document(change.document),
                change.dead,
            )
        )
        self._note_entries(address, change, done)
        at = ledger.step()
        if change.consent:
            ledger.opted_out.pop(address.main.customer, None)
        if change.consent == "opted_out":
            ledger.opted_out[address.main.customer] = at
        for claimed in done.claimed:
            ledger.claimed_at[address.customer, claimed.entry] = at
        return done

    async def claim(self, address: Address, entry: str, token: str) -> Claimed | Uncertain | Unclaimed:
        """Notes when an entry was last free to be sent."""
        got = await self._store.claim(address, entry, token)
        if isinstance(got, Claimed):
            self._ledger.claimed_at[address.customer, entry] = self._ledger.step()
        return got

    async def settle(self, address: Address, entry: str, token: str, end: Settlement) -> bool:
        """Notes from when on an entry must not be sent any more."""
        held = await self._store.settle(address, entry, token, end)
        if held and end.outcome in {"done", "failed"}:
            self._ledger.recorded[address.customer, entry] = end.reason or end.outcome
        return held

    async def delivery(self, address: Address, entry: str, told: Delivery) -> bool:
        """Notes that the carrier's word is on record."""
        moved = await self._store.delivery(address, entry, told)
        if moved:
            self._ledger.recorded.setdefault((address.customer, entry), "done")
        return moved

    def _note_entries(self, address: Address, change: Commit, done: Committed) -> None:
        for name, entry in zip(done.entries, change.outbox, strict=True):
            if (address, name) in self._ledger.entries:
                self._ledger.made_twice.append(f"{name} at {virtual.now():.0f}")
            self._ledger.entries[address, name] = entry.payload


def _id(entry: bytes) -> str:
    size, _, rest = entry.partition(b":")
    return rest[: int(size)].decode()


def input_of(request: dict[str, Any]) -> str:
    """What names the cause of a turn: what was said, or the event and its data."""
    said = request["input"]["text"]
    return said or f"{request['event']} {json.dumps(request['event_data'], sort_keys=True)}"
