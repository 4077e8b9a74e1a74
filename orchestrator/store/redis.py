"""The store on Redis, whole: mailbox, outbox, lists, and what operators need."""

from __future__ import annotations

from orchestrator.core.errors import TandemError
from orchestrator.store.finding import Finding
from orchestrator.store.hints import Hints
from orchestrator.store.keys import READY, READY_FOR, SCHEMA
from orchestrator.store.lists import Lists
from orchestrator.store.mailbox import Mailbox
from orchestrator.store.operators import Operators
from orchestrator.store.outbox import Outbox
from orchestrator.store.overhearing import Overheard
from orchestrator.store.slots import Slots
from orchestrator.store.traffic import TrafficStore
from orchestrator.store.visits import Visits


class SchemaMismatchError(TandemError):
    """This Redis was begun with another number of partitions, or another `hash_key`."""


class RedisStore(Mailbox, Outbox, Lists, Finding, Operators, Hints, Overheard, Slots, Visits, TrafficStore):
    """`orchestrator.ports.Store` and `Reader`. Call `start` once before anything else."""

    async def start(self) -> None:
        """Fix the number of partitions and the hash key at the first start, and check them at each.

        Raises `SchemaMismatchError`: going on would look for every customer in the wrong place, and
        text people who opted out.
        """
        mine = {"partitions": str(self.partitions), "hash_key": self.keys.fingerprint()}
        await self.link.many([("HSETNX", SCHEMA, name, value) for name, value in mine.items()])
        theirs = await self.link.call("HMGET", SCHEMA, *mine)
        for (name, value), stored in zip(mine.items(), theirs, strict=True):
            if stored.decode() != value:
                raise SchemaMismatchError(_mismatch(name, stored.decode(), value))

    async def ping(self) -> None:
        """Return if the store answers and takes what is written; else `StoreUnavailable`, within the budget."""
        await self.link.call("SET", READY, "1", "EX", READY_FOR)

    async def close(self) -> None:
        """Drop the connections."""
        await self.deafen()
        await self.link.close()


def _mismatch(name: str, stored: str, mine: str) -> str:
    if name == "hash_key":
        return "service.hash_key is not the one that this Redis was begun with: give the old one, or an empty database"
    return f"this Redis was begun with {stored} partitions, not {mine}: the number is fixed for its life"
