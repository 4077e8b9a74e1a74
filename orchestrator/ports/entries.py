"""The entries of a customer's outbox: what is to be performed, whose it is to perform, and how it ended.

Times are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestrator.ports.records import Inboxed

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

    An entry that had been given up is done by it: its dead letter is withdrawn, `found` goes into the inbox
    instead of `event`, and the event `untold`, which told of the failure, may come again.
    """

    carrier_id: str
    status: str
    code: int = 0
    reason: str = ""
    event: Inboxed | None = None
    dead: Inboxed | None = None
    again: str = ""
    at: float = 0.0
    found: Inboxed | None = None
    untold: str = ""
