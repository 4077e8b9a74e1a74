"""Recording how an attempt ended, through a short outage of the store.

What the carrier said is known only here: a settlement that is lost costs a search at the carrier, and
holds up the customer's next text meanwhile.
"""

from __future__ import annotations

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Address, Claimed, Clock, Settlement, Store, Uncertain

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the tries: together within the visibility time of a claim, after which others look."""


async def record(
    store: Store, clock: Clock, address: Address, claimed: Claimed | Uncertain, end: Settlement
) -> bool:
    """Whether the settlement counts; False if someone else has the entry by now, whose record counts."""
    for pause in PAUSES:
        try:
            return await store.settle(address, claimed.entry, claimed.token, end)
        except StoreUnavailable:
            await clock.sleep(pause)
    return await store.settle(address, claimed.entry, claimed.token, end)
