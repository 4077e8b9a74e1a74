"""What operators see of the store's work: what waits, what was given up, and what is kept of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from orchestrator.core.session import Consent
from orchestrator.ports.records import Address, Inboxed
from orchestrator.ports.sendings import Sendings


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was given up, for `reason`, at `at` (Unix seconds). `id` is its place in its partition."""

    id: str
    address: Address
    event: Inboxed
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: members of `due`, those whose time has come, and dead letters."""

    scheduled: int
    overdue: int
    dead: int


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """A customer's consent: the state, since when, and what changed it."""

    state: Consent
    since: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """A customer who is opted out of an assistant's texts, since when (Unix seconds) and by what."""

    assistant: str
    phone_number: str
    since: float
    source: str


class Operators(Sendings, Protocol):
    """What operators may do about it."""

    async def dead_letters(self, limit: int = 100) -> Sequence[DeadLetter]:
        """What was given up, newest first."""
        ...

    async def dead_letter(self, partition: int, name: str) -> DeadLetter | None:
        """One of them, by its place."""
        ...

    async def retry_dead(self, letter: DeadLetter) -> bool:
        """Put it back at the end of its customer's inbox; False if it is not there any more."""
        ...

    async def drop_dead(self, letter: DeadLetter) -> bool:
        """Forget it; False if it is not there any more."""
        ...

    async def backlog(self) -> Backlog:
        """Counts over all partitions."""
        ...

    async def consent_record(self, address: Address) -> ConsentRecord | None:
        """Consent with what changed it last; None for a customer who never said anything."""
        ...

    async def opt_outs(
        self, *, assistant: str = "", limit: int = 100, cursor: str = ""
    ) -> tuple[Sequence[OptOut], str | None]:
        """Who is opted out, and the cursor of the next page; erased customers are not on the list."""
        ...

    async def sessions_of(self, address: Address) -> Mapping[str, Address]:
        """Ids of a customer's sessions that are still listed, and where each lives."""
        ...

    async def erase(self, address: Address, *, number: str, forget_opt_out: bool = False) -> int:
        """Remove all that is stored of a customer, but for the mark of an opt-out; the number of its
        sessions. Repeating it is harmless.
        """
        ...
