"""What the store takes and gives: the records of one customer's mailbox, lease, document and outbox.

Times are Unix seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class LegAnswer:
    """The answer of a voice request, kept under its call leg. `ordinal` is the document that the
    request came from; -1 for requests that no order applies to.
    """

    leg: str
    event_id: str
    ordinal: int
    answer: str


Lane = Literal["t", "q", "c", "l", "d", "w"]


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """Something to be performed after the commit. Entries of one `lane` leave in order; lanes are
    independent: `t` texts, `q` texts that wait for the end of quiet hours, `c` calls, `l` looks at calls,
    `d` what the help desk is told, `w` reports to the log webhook. `guarded` entries fail as `opted_out` if consent is gone.
    """

    lane: Lane
    payload: str
    guarded: bool = False
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Commit:
    """One atomic change: all or nothing, fenced by the grant's token and version.

    `consumed` events leave the head of the inbox; `seen` are ids taken without the inbox. `timers` is
    the whole set that holds afterwards. `keep_lease` goes on holding, and returns what is left.
    `record` is (session id, document) of a session that ended, kept for the retention time.
    `dead` gives the reason when the consumed events are given up (dead letters). A changed `consent` is one
    of `consent_of` (JSON: assistant and number) since `consent_since` (0: now) by `consent_source`.
    """

    document: str
    consumed: int = 0
    seen: tuple[str, ...] = ()
    answer: LegAnswer | None = None
    outbox: tuple[OutboxEntry, ...] = ()
    timers: Mapping[str, float] = field(default_factory=dict)
    consent: Consent | None = None
    consent_source: str = ""
    consent_since: float = 0.0
    consent_of: str = ""
    record: tuple[str, str] | None = None
    keep_lease: bool = False
    dead: str = ""
    unfinished: bool = False  # a turn is pending: look again when the lease ends


@dataclass(frozen=True, slots=True)
class Claimed:
    """An outbox entry that is ours to perform, until a third of its visibility time has passed."""

    entry: str  # lane and sequence number, such as t7
    payload: str
    attempt: int
    token: str
    claimed_at: float


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An entry whose last attempt, claimed at `since`, has no known outcome: search before sending. `lost`
    tells that its holder never said how it ended.
    """

    entry: str
    payload: str
    attempt: int
    token: str
    since: float
    searches: int
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nothing to perform now: `wait` (its predecessor is open), `gone` (settled or trimmed),
    `opted_out` (just failed for it).
    """

    why: Literal["wait", "gone", "opted_out"]
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """The commit holds. `left` is the rest of the inbox, `entries` the new outbox entries by name in
    the order given, `claimed` those of them that are already ours.
    """

    version: int
    left: tuple[Inboxed, ...]
    entries: tuple[str, ...]
    claimed: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Fenced:
    """Someone else holds the lease now; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ended. `done` carries the carrier's id, `retry` when to try again (`at`),
    `failed` code and reason, `unknown` when to search (`at`). In the same step `event` is put into the
    inbox, so that the session learns the outcome once, and `dead` is kept as a dead letter: the event
    that tries again what was given up. A `retry` may be with another `payload`.
    """

    outcome: Literal["done", "retry", "failed", "unknown"]
    carrier_id: str = ""
    at: float = 0.0
    code: int = 0
    reason: str = ""
    event: Inboxed | None = None
    dead: Inboxed | None = None
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a status callback says of an entry, in the carrier's word. `event` and `dead` (for `reason`) as
    in a `Settlement`; they count only if the status moved forward. With `again` it is not over yet: the
    entry, with that payload, is sent once more from `at` on, and what the carrier still says of the message that
    failed is not heard.
    """

    carrier_id: str
    status: str
    code: int = 0
    reason: str = ""
    event: Inboxed | None = None
    dead: Inboxed | None = None
    again: str = ""
    at: float = 0.0


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
