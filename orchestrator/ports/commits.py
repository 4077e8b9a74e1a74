"""The one change of a session: what is written together, and what the store says to it.

Times are Unix seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.core.session import Consent
from orchestrator.ports.entries import Claimed, OutboxEntry
from orchestrator.ports.records import Inboxed


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """The answer of a voice request, kept under its call leg. `ordinal` is the document that the
    request came from; -1 for requests that no order applies to.
    """

    leg: str
    event_id: str
    ordinal: int
    answer: str


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
