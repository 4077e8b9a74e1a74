"""What the store takes and gives: a customer's address, mailbox and lease, and what is due and told of them.

Times are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from orchestrator.core.session import Consent


@dataclass(frozen=True, slots=True)
class Address:
    """Where a customer lives in the store: `customer` is a keyed hash (with `~call` beside it for a
    call that does not own the number), `partition` follows from the hash alone.
    """

    partition: int
    customer: str

    @property
    def main(self) -> Address:
        """The address that owns the number: consent is kept there."""
        return Address(self.partition, self.customer.partition("~")[0])

    def beside(self, call_sid: str) -> Address:
        """The address of a call beside the one that owns the number."""
        return Address(self.partition, f"{self.main.customer}~{call_sid}")


@dataclass(frozen=True, slots=True)
class Inboxed:
    """An accepted event, not yet worked off. `attempt` counts the leases that began it, from 1. One that
    may opt out (`opts_out`) holds back what leaves for the customer until it is worked off.
    """

    event_id: str
    payload: str
    attempt: int = 1
    opts_out: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """The lease of a customer, and what is needed to decide: fenced by `token` and `version`.

    `begun` is the last voice request that was begun, `begun_at` when it first was: a request that comes
    again after a crash is the same event, as old as it was.
    """

    address: Address
    token: str
    version: int
    document: str | None
    consent: Consent
    inbox: tuple[Inboxed, ...] = ()
    begun: str = ""
    begun_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Queued:
    """The event is stored; another holder, or the next one, works it off."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The event was taken before; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Full:
    """The inbox is at its bound; nothing was stored (503)."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Someone holds the lease: for a voice request (`v`) or an inbox (`a`), and for which event."""

    kind: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """This request was answered before (`stale`: an older one than the last). The same answer again."""

    answer: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """There is nothing to work off."""


Accepted = Grant | Queued | Duplicate | Full
Begun = Grant | Busy | Answered | Empty


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time has come: an inbox (`i`), an outbox entry (`o`) or a timer (`t`)."""

    kind: Literal["i", "o", "t"]
    address: Address
    name: str = ""  # the entry, or the timer
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Behind:
    """What is written behind a commit, for lists and timelines; lost at worst, never wrong for long.

    `summary` is the session as the API lists it, `lines` its new timeline lines, both JSON; `before` is
    the state that the change came from, where there was one.
    """

    session_id: str
    summary: str = ""
    state: str = ""
    score: float = 0.0
    lines: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A timeline line of some session, and its `place` in the log of all of them."""

    place: str
    session_id: str
    line: dict[str, Any]
