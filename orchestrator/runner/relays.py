"""Calls that a socket of this process carries (`ports.Relays`).

A socket holds no lease: it reads what was committed and says it, and puts what happens into the inbox.
A commit of this process wakes it at once, one of another process by a hint, and a lost hint costs
no more than the socket's own next look.
"""

from __future__ import annotations

import asyncio

from orchestrator.core.events import Event
from orchestrator.core.session import Session, from_document
from orchestrator.ports import Address
from orchestrator.ports.relay import CallLine, CallNow, Ear, Relays
from orchestrator.runner import Runner
from orchestrator.runner.house import House
from orchestrator.runner.wire import Letter


class RelaysOfHouse(Relays):
    """One for each process."""

    def __init__(self, house: House, runner: Runner) -> None:
        self._house = house
        self._runner = runner

    async def line(self, assistant: str, customer: str | None, call_sid: str) -> CallLine | None:
        """The live call with this id: the number's own, or one beside it."""
        address = self._runner.address(assistant, customer, call_sid)
        for place in (address, address.beside(call_sid)):
            line = LineOfCall(self._house, self._runner, place, assistant, customer, call_sid)
            if await line.look() is not None:
                await self._house.store.watch(place.partition, self._house.hinted)
                return line
        return None


class LineOfCall(CallLine):
    """One call at one address."""

    def __init__(
        self,
        house: House,
        runner: Runner,
        address: Address,
        assistant: str,
        customer: str | None,
        call_sid: str,
    ) -> None:
        self._house = house
        self._runner = runner
        self._address = address
        self._assistant = assistant
        self._customer = customer
        self._call_sid = call_sid
        self._change = asyncio.Event()

    async def look(self) -> CallNow | None:
        """What was committed last. A change from here on is noticed by `changed`."""
        self._change = self._house.stirred.setdefault(self._address, asyncio.Event())
        document = await self._house.store.document(self._address)
        return seen(from_document(document), self._call_sid) if document else None

    async def changed(self, seconds: float) -> None:
        """Wait for the next commit."""
        change = asyncio.ensure_future(self._change.wait())
        try:
            await self._house.within(change, seconds)
        finally:
            change.cancel()

    async def tell(self, event: Event) -> None:
        """Into the inbox; worked off behind. A socket that is lost meanwhile does not break it off: a lease
        that was taken with it would hold up the call until it ends by itself.
        """
        letter = Letter(self._assistant, self._customer, event)
        await asyncio.shield(self._house.spawn(self._runner.deliver(self._address, letter), "tell"))

    def listen(self, ear: Ear) -> None:
        """The newest socket of a call hears."""
        self._house.listen(self._address, ear)

    def leave(self, ear: Ear) -> None:
        """Unless a newer socket of the same call took the place."""
        if self._house.ears.get(self._address) is ear:
            del self._house.ears[self._address]


def seen(session: Session, call_sid: str) -> CallNow | None:
    """The session's call as its socket sees it."""
    call = session.call
    if call is None or call.call_sid != call_sid or not session.live_call or call.newest is None:
        return None
    return CallNow(
        call.newest,
        call.unheard,
        fresh=call.fetched == 0 and call.proven == 0,
        manner=call.once or call.manner,
        once=call.once is not None,
    )
