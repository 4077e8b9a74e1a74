"""What became of the texts of a customer, while the outbox remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from orchestrator.ports.records import Address


@dataclass(frozen=True, slots=True)
class Sending:
    """An outbox entry: its `payload`, how it stands (`queued`, `sending`, `sent`, `failed`, or the last
    word of the carrier), the carrier's id, and the code of a failure, 0 for none.
    """

    payload: str
    status: str
    carrier_id: str
    code: int


class Sendings(Protocol):
    """The outbox, read."""

    async def sendings(self, addresses: Sequence[Address]) -> Sequence[Sequence[Sending]]:
        """The entries of each customer that are still kept (64 of a lane, a day)."""
        ...
