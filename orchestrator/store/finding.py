"""Finding a customer by what an address at the carrier names."""

from __future__ import annotations

import re

from orchestrator.ports.records import Address
from orchestrator.store.base import Base

_CUSTOMER = re.compile(r"[0-9a-f]{32}(~[A-Za-z0-9]{1,64})?")


class Finding(Base):
    """`locate` and `exists` of `orchestrator.ports.Store`."""

    def locate(self, customer: str) -> Address | None:
        """The address that a customer key names, or None if it is no such key."""
        if not _CUSTOMER.fullmatch(customer):
            return None
        return self.keys.address(customer)

    async def exists(self, address: Address) -> bool:
        """Whether anything is stored for this address."""
        return bool(await self.link.call("EXISTS", self.keys.customer(address)[0]))
