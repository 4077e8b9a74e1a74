"""What callers are just saying, as far as it was recognised: told with a text that cuts them short.

Kept in this process only: words on the way come several times a second, and none of them was
acknowledged to anybody. Where several processes serve one call, some of them may be missing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from orchestrator.core.events import Event, TextReceived
from orchestrator.core.session import TALKING, Session

MOST_CALLS = 2000
"""Calls whose words are kept; the one that was silent longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Half:
    """Words on the way at a document of a call, and their place among those of it."""

    document: int
    sequence: int
    words: str


class Partials:
    """The words on the way of each call."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, Half] = OrderedDict()

    def keep(self, call_sid: str, half: Half) -> None:
        """Keep the newest of a call: requests may overtake one another."""
        known = self._calls.pop(call_sid, None)
        newest = (
            known if known and (known.document, known.sequence) > (half.document, half.sequence) else half
        )
        self._calls[call_sid] = newest
        while len(self._calls) > MOST_CALLS:
            self._calls.popitem(last=False)

    def attached(self, event: Event, session: Session) -> Event:
        """A text with what the caller was saying when it came, to a document that it replaces."""
        call = session.call
        if not isinstance(event, TextReceived) or call is None or session.call_state not in TALKING:
            return event
        half = self._calls.get(call.call_sid)
        if half is None or call.newest is None or half.document < max(call.newest.number, call.proven + 1):
            return event
        return replace(event, partial=half.words)
