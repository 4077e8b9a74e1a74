"""Finding a text or a call at the carrier that may or may not have taken it.

Neither the Messages nor the Calls API has an idempotency key, so the carrier's list is the only witness,
besides the callback that names the entry, and the first request of a call that was answered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from orchestrator.core.effects import PlaceCall, SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.outbox.senders import account_of, numbers_left
from orchestrator.outbox.ways import Ways, texts_by, there
from orchestrator.ports import FoundCall, FoundMessage, Settlement, Uncertain

Taken = TypeVar("Taken", FoundMessage, FoundCall)
CLOCK_SLACK = 5.0
"""Seconds that the carrier's clock may be behind ours; its dates are whole seconds besides."""
CLAIM_HOLDS = 4.0
"""Seconds after asking for a claim in which an attempt may begin: a third of the store's visibility time.
The carrier's HTTP limit of 8 s is the rest: its answer comes before anyone else takes the entry for lost."""
HUNG = 10.0
"""Seconds from an attempt to its first search, beyond which the carrier had let it hang: it is given as long
again as it took, and its HTTP limit is 8 s."""
LONGEST_HANG = 33.0
"""Seconds from such an attempt until it counts as absent at the earliest: gateways give up after 30 s."""
UNRESOLVED = "unresolved"
"""The reason of a text that may have been taken, and that nobody can look for."""
UNRESOLVED_AFTER = 600.0
"""Seconds from an attempt after which its outcome stays unknown, where the account lets us look at nothing (its token
is not valid any more). It may have been taken, so that it is never sent again by itself."""
UNANSWERED_FOR = 86_400.0
"""Seconds after which the same holds where the carrier never answered a search."""
SEARCH_AFTER = 3.0
"""Seconds before an unknown outcome is searched: the carrier's list is not immediate."""
SEARCH_AGAIN = 5.0
"""Seconds until a search that the carrier did not answer is made again."""
SEARCHES_APART = 3.0
"""Seconds between two searches at least."""


def search_again_at(doubt: Uncertain, now: float, reconcile_after: float) -> float:
    """When to search for the second time what the first search did not find.

    The carrier's list may be late by `reconcile_after`. A holder that was lost can have told the carrier
    only while its claim held, so that moment counts, and another process finishes within 30 s. An attempt
    whose answer was lost counts from the first search; one that the carrier let hang may be taken when the
    hang is over.
    """
    if doubt.lost:
        return max(now + SEARCHES_APART, doubt.since + CLAIM_HOLDS + reconcile_after)
    hung = now - doubt.since > HUNG
    return max(now + reconcile_after, doubt.since + LONGEST_HANG if hung else 0.0)


def after_no_search(doubt: Uncertain, now: float, error: CarrierError) -> Settlement | None:
    """What follows where the carrier did not let us look: another search, not counted, or None for no more."""
    longest = UNRESOLVED_AFTER if error.outcome == "refused" else UNANSWERED_FOR
    if now - doubt.since >= longest:
        return None
    return Settlement("unknown", at=now + SEARCH_AGAIN, reason="not_searched")


@dataclass(frozen=True, slots=True)
class Found:
    """What the carrier took, by its id, and from which number of ours it left, where it tells."""

    carrier_id: str
    sender: str = ""


async def found_at_carrier(
    ways: Ways, effect: SendMessage | PlaceCall, since: float, bound: Collection[str]
) -> Found | None:
    """What the carrier took since that attempt, or None. A text may have left from any number of the
    account that was tried.

    What is `bound` to another entry is no proof, however alike; of several the oldest is this one,
    because entries leave in order.
    """
    earliest = since - CLOCK_SLACK
    if isinstance(effect, PlaceCall):
        calls = await there(ways.calls).find_calls(to=effect.to, sender=effect.sender, since=earliest)
        call = _oldest(calls, earliest, bound)
        return Found(call.carrier_id) if call else None
    tried = numbers_left(effect, ways)[0]
    senders = account_of(ways, tried).senders
    ours, asked = {"", effect.sender, tried, *senders}, "" if len(senders) > 1 else tried
    texts = await there(texts_by(ways, tried)).find_messages(to=effect.to, sender=asked, since=earliest)
    alike = [text for text in texts if text.body == effect.body and (not senders or text.sender in ours)]
    text = _oldest(alike, earliest, bound)
    return Found(text.carrier_id, text.sender or tried) if text else None


def _oldest(found: Sequence[Taken], earliest: float, bound: Collection[str]) -> Taken | None:
    free = [entry for entry in found if entry.created_at >= earliest and entry.carrier_id not in bound]
    return min(reversed(free), key=lambda entry: entry.created_at) if free else None
