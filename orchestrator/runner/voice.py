"""An open voice request: answered within `voice_budget`, by whoever holds the customer's lease.

If the lease is free, the request becomes the first event of a shift of its own. If it is held, the
event is stored, so that it is a turn whatever happens, and the request waits for its answer; when the
budget is spent the caller hears a filler, and the carrier asks again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from orchestrator.core.effects import Document
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import DocumentRequested, Event
from orchestrator.core.session import Session, from_document
from orchestrator.outbox import Outbox
from orchestrator.ports import Address, Answered, Busy, Full, Grant
from orchestrator.ports.traffic import remark
from orchestrator.runner.beside import may_begin_beside, other_call_holds
from orchestrator.runner.fallback import farewell, waiting
from orchestrator.runner.house import House
from orchestrator.runner.request import BesideError, FencedError, Request
from orchestrator.runner.shift import Shift
from orchestrator.runner.wire import Letter, from_answer, ordinal
from orchestrator.runner.wire import waiting as stored

LOOK_AGAIN = 0.2
"""Seconds between looks at a lease that another process holds; a holder in this process wakes us."""


@dataclass(slots=True)
class VoiceRequest:
    """One open request. `stored` is set once its event waits in the inbox."""

    house: House
    outbox: Outbox
    letter: Letter
    address: Address
    stored: bool = False

    async def answer(self) -> Document:
        """The document that answers it; at the latest when `voice_budget` is spent."""
        rules = self.house.lines[self.letter.assistant].rules
        deadline = self.house.clock.now() + (rules.phone.voice_budget if rules.phone else 0.0)
        while True:
            address = self.address
            document = await self._look(deadline)
            if document is not None:
                return document
            if self.address != address:
                continue
            left = deadline - self.house.clock.now()
            if left <= 0:
                return waiting(rules, self.letter.event, beside=self.address != self.address.main)
            await self.house.wait_for_change(self.address, min(left, LOOK_AGAIN))

    async def _look(self, deadline: float) -> Document | None:
        event, store = self.letter.event, self.house.store
        leg = str(getattr(event, "call_sid", ""))
        begun = await store.begin(
            self.address, uuid.uuid4().hex, event_id=event.id, leg=leg, ordinal=ordinal(event)
        )
        if isinstance(begun, Answered):
            if begun.stale:
                remark("late")
            return from_answer(begun.answer)
        if isinstance(begun, Grant):
            return await self._hold(begun, deadline)
        if isinstance(begun, Busy) and await other_call_holds(self.house, self.address, event, begun):
            self._step_beside(event)
            return None
        await self._store()
        return None

    async def _hold(self, grant: Grant, deadline: float) -> Document | None:
        """The lease is ours: answer, or, where others come first, see to them and look again."""
        event = self.letter.event
        session = from_document(grant.document) if grant.document is not None else None
        unfinished = session is not None and session.turn is not None
        first = not grant.inbox or (fetches(session, event) and not awaits(grant, event))
        if unfinished or not first:
            await self._store()
            self.house.spawn(Shift(self.house, self.outbox, grant, self.letter).run(), "shift")
            return None
        request = Request(event, deadline)
        shift = Shift(self.house, self.outbox, grant, self.letter)
        self.house.spawn(shift.run(request), "shift")
        return await self._answer_of(request)

    async def _answer_of(self, request: Request) -> Document | None:
        try:
            return await request.answer
        except BesideError:
            return await self._beside()
        except FencedError:
            return None

    async def _beside(self) -> Document | None:
        """The number's session does not serve this call: it may be a session of its own."""
        event = self.letter.event
        if self.address == self.address.main:
            beside = self.address.beside(str(getattr(event, "call_sid", "")))
            if may_begin_beside(event) or await self.house.store.exists(beside):
                self._step_beside(event)
                return None
        return farewell(self.house.lines[self.letter.assistant].rules, event)

    def _step_beside(self, event: Event) -> None:
        self.address = self.address.beside(str(getattr(event, "call_sid", "")))
        self.stored = False

    async def _store(self) -> None:
        """Keep the event while others hold the lease. A fetch is no event that could be lost."""
        if self.stored or isinstance(self.letter.event, DocumentRequested):
            return
        accepted = await self.house.store.accept(self.address, self.letter.inboxed())
        if isinstance(accepted, Full):
            raise StoreUnavailable("the inbox is full")
        self.stored = True


def fetches(session: Session | None, event: Event) -> bool:
    """Whether the event only fetches the newest document of the session's call: that need not wait."""
    call = session.call if session is not None else None
    return isinstance(event, DocumentRequested) and call is not None and call.call_sid == event.call_sid


def awaits(grant: Grant, event: Event) -> bool:
    """Whether the call waits for the answer to a request of its own, which whoever took it left behind."""
    call = getattr(event, "call_sid", "")
    return any(ordinal(left) >= 0 and getattr(left, "call_sid", "") == call for left in stored(grant.inbox))
