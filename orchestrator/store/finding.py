"""Finding a customer by what the carrier's addresses name, its consent, and answers to repeat."""

from __future__ import annotations

import re

from orchestrator.core.session import Consent
from orchestrator.ports.records import Address, Inboxed
from orchestrator.store.base import Base
from orchestrator.store.keys import DAY
from orchestrator.store.packing import inboxed

PAGE = 100  # events that one look at an inbox shows, as in prelude.lua
_CUSTOMER = re.compile(r"[0-9a-f]{32}(~[A-Za-z0-9]{1,64})?")


class Finding(Base):
    """`locate` and `exists` of `orchestrator.ports.Store`."""

    def locate(self, customer: str) -> Address | None:
        """The address that a customer key names, or None if it is no such key."""
        if not _CUSTOMER.fullmatch(customer):
            return None
        return self.keys.located(customer)

    async def consent(self, address: Address) -> Consent:
        """Whether the customer may be texted."""
        state = await self.link.call("HGET", self.keys.consent(address), "s")
        return "opted_out" if state == b"opted_out" else "opted_in"

    async def recall(self, address: Address, key: str) -> str | None:
        """What was remembered under an Idempotency-Key."""
        value = await self.link.call("GET", self.keys.remembered(address, key))
        return None if value is None else str(value.decode())

    async def remember(self, address: Address, key: str, value: str) -> None:
        """Keep an answer for a day; the first one stands."""
        await self.link.call("SET", self.keys.remembered(address, key), value, "NX", "EX", int(DAY))

    async def waiting(self, address: Address) -> tuple[Inboxed, ...]:
        """The head of the inbox, without taking anything."""
        found = await self.link.call("LRANGE", self.keys.customer(address)[1], 0, PAGE - 1)
        return tuple(inboxed(entry) for entry in found)

    async def exists(self, address: Address) -> bool:
        """Whether anything is stored for this address, an event that waits included."""
        return bool(await self.link.call("EXISTS", *self.keys.customer(address)[:2]))

    async def next_due(self) -> float | None:
        """When something is to be looked at next, in any partition; Unix seconds, None where nothing is."""
        looks = [
            ("ZRANGE", self.keys.of(partition, "due"), 0, 0, "WITHSCORES")
            for partition in range(self.partitions)
        ]
        found = await self.link.many(looks)
        return min((float(score) / 1000 for entries in found for _, score in entries), default=None)
