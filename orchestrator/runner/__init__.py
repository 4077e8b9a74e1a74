"""The runner: carries one event through the house, from a channel to the commit.

`Runner` is what channels call (`ports.Handle`); a `Shift` is one holding of a customer's lease.
"""

from __future__ import annotations

import uuid
from collections import Counter

from orchestrator.core.effects import Document
from orchestrator.core.errors import OverloadedError, StoreUnavailable
from orchestrator.core.events import CallStarted, Event, TextReceived
from orchestrator.outbox import Outbox
from orchestrator.ports import Address, Duplicate, Full, Grant, Inboxed
from orchestrator.ports.overhearing import Half
from orchestrator.ports.traffic import remark
from orchestrator.runner.fallback import busy
from orchestrator.runner.house import House, Line, NotServedError, log
from orchestrator.runner.shift import Shift
from orchestrator.runner.voice import VoiceRequest
from orchestrator.runner.wire import Letter

__all__ = ["House", "Line", "Runner"]


def post(assistant: str, customer: str | None, event: Event) -> Inboxed:
    """An event as a letter that any process understands."""
    return Letter(assistant, customer, event).inboxed()


class Runner:
    """Takes what channels bring. One for each process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.outbox = Outbox(
            house.store,
            house.lines,
            house.clock,
            post=post,
            wake=house.wake,
            observer=house.observer,
            queues=house.queues,
        )
        self._arriving: Counter[str] = Counter()
        house.drain = self.drain

    def address(
        self, assistant: str, customer: str | None, call_sid: str = "", *, beside: bool = False
    ) -> Address:
        """Where a customer lives; a call whose number is withheld is a customer of its own."""
        address = self.house.store.address(assistant, customer or f"call:{call_sid}")
        return address.beside(call_sid) if beside else address

    async def voice(
        self, assistant: str, customer: str | None, event: Event, *, beside: bool = False
    ) -> Document:
        """Answer a voice request (`ports.Handle.voice`)."""
        line = self.house.lines[assistant]
        if isinstance(event, CallStarted) and line.is_full(self._arriving[assistant]):
            return busy(line.rules, event)
        call_sid = str(getattr(event, "call_sid", ""))
        address = self.address(assistant, customer, call_sid, beside=beside)
        return await VoiceRequest(
            self.house, self.outbox, Letter(assistant, customer, event), address
        ).answer()

    async def take(self, assistant: str, customer: str | None, event: Event, *, call_sid: str = "") -> bool:
        """Store a fact durably and once, and work it off behind the answer (`ports.Handle.take`)."""
        if not isinstance(event, TextReceived):
            return await self._take(assistant, customer, event, call_sid)
        try:
            return await self._take_text(assistant, customer, event, call_sid)
        except Exception:
            self.house.lost += 1
            raise

    async def _take_text(self, assistant: str, customer: str | None, event: Event, call_sid: str) -> bool:
        if self.house.lines[assistant].is_full(self._arriving[assistant]):
            raise OverloadedError("the assistant is at its bound")
        self._arriving[assistant] += 1  # a burst is counted before its first turn has reached the assistant
        try:
            return await self._take(assistant, customer, event, call_sid)
        finally:
            self._arriving[assistant] -= 1

    async def _take(self, assistant: str, customer: str | None, event: Event, call_sid: str) -> bool:
        address = self.address(assistant, customer, call_sid)
        if call_sid and not isinstance(event, CallStarted):
            address = await self._address_of_call(address, call_sid)
        is_news = await self.deliver(address, Letter(assistant, customer, event))
        if not is_news:
            remark("repeated")
        return is_news

    async def deliver(self, address: Address, letter: Letter) -> bool:
        """Put a letter into an inbox; False if it was there before."""
        accepted = await self.house.store.accept(address, letter.inboxed(), uuid.uuid4().hex)
        if isinstance(accepted, Full):
            raise StoreUnavailable("the inbox is full")
        if isinstance(accepted, Grant):
            self.house.spawn(self._work(accepted, letter), "shift")
        return not isinstance(accepted, Duplicate)

    async def drain(self, address: Address) -> None:
        """Work off what waits for a customer, if nobody else does."""
        begun = await self.house.store.begin(address, uuid.uuid4().hex)
        if isinstance(begun, Grant):
            await self._work(begun, None)

    async def overhear(self, assistant: str, customer: str, half: Half) -> None:
        """What a caller is just saying (`ports.Handle.overhear`)."""
        await self.house.store.overhear(self.address(assistant, customer), half)

    async def delivery(
        self, *, customer_key: str, entry: str, message_sid: str, status: str, code: int
    ) -> bool:
        """A message status callback (`ports.Handle.delivery`)."""
        address = self.house.store.locate(customer_key)
        if address is None:
            return False
        is_news = await self.outbox.delivered(address, entry, message_sid, status, code)
        if not is_news:
            remark("late")  # the text stands further on already, or is not remembered any more
        return is_news

    async def _work(self, grant: Grant, first: Letter | None) -> None:
        try:
            shift = Shift(self.house, self.outbox, grant, first)
        except NotServedError as error:
            log.warning("shift.not_served", assistant=str(error))
            await self.house.store.release(grant, retry_in=self.house.lease_time, untried=True)
            return
        await shift.run()

    async def _address_of_call(self, address: Address, call_sid: str) -> Address:
        """A call beside has an address of its own; only the store knows whether there is one."""
        beside = address.beside(call_sid)
        return beside if await self.house.store.exists(beside) else address
