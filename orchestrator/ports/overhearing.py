"""What callers are just saying, kept beside the sessions: for a minute, and for nobody's record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from orchestrator.ports.records import Address


@dataclass(frozen=True, slots=True)
class Half:
    """Words on the way in a call, at one of its documents, and their place among those of it."""

    call_sid: str
    document: int
    sequence: int
    words: str


class Overhearing(Protocol):
    """The store's part in it."""

    async def overhear(self, address: Address, half: Half) -> None:
        """Keep the words for a minute; older ones of the customer make room."""
        ...

    async def overheard(self, address: Address) -> Sequence[Half]:
        """The last words of the customer that are kept, in no order that means anything."""
        ...
