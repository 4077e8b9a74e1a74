"""What callers are just saying, as far as it was recognised: told with a text that cuts them short.

The words are in the store for a minute, for whichever process makes the text's turn. They come several
times a second, and nobody was promised any of them: a store that is away has heard nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import Event, TextReceived
from orchestrator.core.session import TALKING, Session
from orchestrator.ports import Address
from orchestrator.ports.overhearing import Half, Overhearing


async def attached(store: Overhearing, address: Address, event: Event, session: Session) -> Event:
    """A text with what the caller was saying when it came; any other event as it is, without a look."""
    if not isinstance(event, TextReceived) or session.call_state not in TALKING:
        return event
    try:
        words = half_said(await store.overheard(address), session)
    except StoreUnavailable:
        return event
    return replace(event, partial=words) if words else event


def half_said(halves: Iterable[Half], session: Session) -> str:
    """The newest words at the document that plays, or at one that follows it; requests may have overtaken
    one another. Words to a document that a request proves to have run were a turn of their own.
    """
    call = session.call
    if call is None or call.newest is None:
        return ""
    first = max(call.newest.number, call.proven + 1)
    of_it = [half for half in halves if half.call_sid == call.call_sid and half.document >= first]
    newest = max(of_it, key=lambda half: (half.document, half.sequence), default=None)
    return newest.words if newest else ""
