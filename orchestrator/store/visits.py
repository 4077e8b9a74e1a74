"""Who is signed in to the console, and how often somebody tried to: small records that expire by themselves."""

from __future__ import annotations

from orchestrator.store.base import Base
from orchestrator.store.keys import Keys

_NO_END = -1
"""PTTL of a key without an end."""


class Visits(Base):
    """`orchestrator.ports.visits.Visits`."""

    async def keep_visit(self, name: str, value: str, seconds: float) -> None:
        """Keep a record for that long."""
        await self.link.call("SET", Keys.visit(name), value, "EX", max(1, int(seconds)))

    async def visit(self, name: str) -> str | None:
        """The record, while it is kept."""
        stored = await self.link.call("GET", Keys.visit(name))
        return None if stored is None else str(stored.decode())

    async def drop_visit(self, name: str) -> None:
        """Forget it in every process at once."""
        await self.link.call("DEL", Keys.visit(name))

    async def count_try(self, who: str, seconds: float, *, more: int = 1) -> int:
        """How many tries `who` has made since the first one of this while, `more` of them now."""
        key = Keys.tries(who)
        if not more:
            return int(await self.link.call("GET", key) or 0)
        made, left = await self.link.many([("INCRBY", key, more), ("PTTL", key)])
        if int(left) == _NO_END:  # the first one, or a process was lost before it said how long
            await self.link.call("EXPIRE", key, max(1, int(seconds)))
        return int(made)
