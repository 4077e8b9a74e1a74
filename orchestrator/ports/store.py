"""The store: one customer, one order.

Every method that changes something may be called again with the same arguments when its answer was
lost. Times come from the store's own server unless a clock was injected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from orchestrator.core.session import Consent
from orchestrator.ports.commits import Commit, Committed, Fenced
from orchestrator.ports.entries import Claimed, Delivery, Settlement, Uncertain, Unclaimed
from orchestrator.ports.overhearing import Overhearing
from orchestrator.ports.records import Accepted, Address, Begun, Behind, Due, Grant, Inboxed


class Store(Overhearing, Protocol):
    """One customer, one order: the durable side of the house."""

    def address(self, assistant: str, who: str) -> Address:
        """Where `who` (a number, or a call whose number is withheld) lives with this assistant."""
        ...

    @property
    def partitions(self) -> int:
        """How many partitions there are to poll."""
        ...

    def locate(self, customer: str) -> Address | None:
        """The address that a customer key names, or None if it is no such key."""
        ...

    async def exists(self, address: Address) -> bool:
        """Whether anything is stored for this address."""
        ...

    async def document(self, address: Address) -> str | None:
        """The session document of a customer, as last committed."""
        ...

    async def waiting(self, address: Address) -> Sequence[Inboxed]:
        """The head of the inbox, without taking anything."""
        ...

    async def consent(self, address: Address) -> Consent:
        """Whether the customer may be texted."""
        ...

    async def accept(self, address: Address, event: Inboxed, token: str | None = None) -> Accepted:
        """Take an event durably and once; with a token, and the lease free, take the lease as well."""
        ...

    async def begin(
        self, address: Address, token: str, *, event_id: str = "", leg: str = "", ordinal: int = -1
    ) -> Begun:
        """Lease for a voice request (`event_id` and `leg`), or to work off the inbox (neither)."""
        ...

    async def commit(self, grant: Grant, version: int, change: Commit) -> Committed | Fenced:
        """Change the session: the only way to."""
        ...

    async def renew(self, grant: Grant) -> bool:
        """Hold the lease longer; False if it is someone else's by now."""
        ...

    async def release(self, grant: Grant, retry_in: float = 0.0, *, untried: bool = False) -> None:
        """Give the lease back without a change; what is in the inbox is due again in `retry_in`. `untried`: this
        lease does not count as an attempt at the head event, nor do those before it.
        """
        ...

    async def claim(self, address: Address, entry: str, token: str) -> Claimed | Uncertain | Unclaimed:
        """Make an outbox entry ours; consent is looked at in the same step."""
        ...

    async def settle(self, address: Address, entry: str, token: str, end: Settlement) -> bool:
        """Record how an attempt ended; False if the claim was not ours any more."""
        ...

    async def delivery(self, address: Address, entry: str, told: Delivery) -> bool:
        """A status callback: proof of acceptance. True if the status moved forward, which is when
        its event goes into the inbox.
        """
        ...

    async def carrier_ids(self, address: Address) -> Collection[str]:
        """The carrier's ids that entries of this customer are known under."""
        ...

    async def outbox_entry(self, address: Address, entry: str) -> str | None:
        """The payload of an entry while it is kept."""
        ...

    async def poll(self, partition: int, limit: int = 32) -> Sequence[Due]:
        """What is due in a partition; hidden from others for a while."""
        ...

    async def take_slot(self, name: str, lasting: float) -> float:
        """Take the slot of `name` for `lasting` seconds: 0 if it was free, else the seconds until it is."""
        ...

    async def hint(self, address: Address, words: str = "") -> None:
        """Tell other processes that this customer's session changed, or `words`. It may be lost."""
        ...

    async def watch(self, partition: int, heard: Callable[[Address, str], None]) -> None:
        """Hear the hints of a partition from now on; `heard` gets the words, mostly empty."""
        ...

    async def write_behind(self, address: Address, behind: Behind) -> None:
        """Lists, indexes and the timeline."""
        ...
