"""Two calls from one number at once: the first owns the number, the other is a session beside it.

Nobody waits to find that out: a call that finds the number's lease held looks whose it is.
"""

from __future__ import annotations

from itertools import takewhile

from orchestrator.core.events import CallEnded, CallStarted, Event
from orchestrator.core.session import from_document
from orchestrator.ports import Address, Busy
from orchestrator.runner.house import House
from orchestrator.runner.wire import Letter, waiting


def may_begin_beside(event: Event) -> bool:
    """Whether the event opens a session beside where another call owns the number."""
    return isinstance(event, CallStarted) and event.direction == "inbound"


async def other_call_holds(house: House, address: Address, event: Event, busy: Busy) -> bool:
    """Whether the lease that `event` found held serves another call, one that is not over."""
    if address != address.main or not isinstance(event, CallStarted) or not may_begin_beside(event):
        return False
    inbox = waiting(await house.store.waiting(address))  # first: an end that leaves it is in the document
    document = await house.store.document(address)
    before = takewhile(lambda found: found.id != event.id, inbox)
    ahead = {found.call_sid for found in before if isinstance(found, CallStarted)}
    if busy.kind == "v":  # ids of voice requests begin with their call's
        ahead.add(busy.event_id.partition(":")[0])
    session = from_document(document) if document else None
    over = {found.call_sid for found in inbox if isinstance(found, CallEnded)}
    if session is not None and session.call is not None:
        (ahead if session.live_call else over).add(session.call.call_sid)
    return bool(ahead - over - {event.call_sid, ""})


async def forward(house: House, address: Address, letter: Letter) -> None:
    """Hand on what came to the number and belongs to a call beside it: its start, or its end."""
    event = letter.event
    if address != address.main or not isinstance(event, CallStarted | CallEnded):
        return
    beside = address.beside(event.call_sid)
    if may_begin_beside(event) or await house.store.exists(beside):
        await house.store.accept(beside, letter.inboxed())
        house.wake(beside)
