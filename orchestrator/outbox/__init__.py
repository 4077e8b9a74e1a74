"""The outbox: performs what a commit left to be done, in order, and records how each attempt ended.

An entry is claimed before the carrier is told, and settled after. An attempt without a known outcome
is searched at the carrier before any second one (`searching.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

import structlog

from orchestrator.core.effects import PlaceCall, SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import masked
from orchestrator.outbox.entries import Entry, read_entry
from orchestrator.outbox.failover import from_elsewhere, tell_by_any
from orchestrator.outbox.objections import Objections
from orchestrator.outbox.outcomes import is_repeatable, retry_delay
from orchestrator.outbox.pace import Pace, put_off
from orchestrator.outbox.queues import Queues
from orchestrator.outbox.recording import record
from orchestrator.outbox.searching import (
    CLAIM_HOLDS,
    SEARCH_AFTER,
    UNRESOLVED,
    after_no_search,
    found_at_carrier,
    search_again_at,
)
from orchestrator.outbox.shut import ShutAccounts
from orchestrator.outbox.telling import Post, Telling
from orchestrator.outbox.unserved import left_to_others
from orchestrator.outbox.ways import Ways
from orchestrator.ports import (
    Address,
    Claimed,
    Clock,
    Delivery,
    Observer,
    Settlement,
    Store,
    Uncertain,
    Unclaimed,
    Unobserved,
)

log = structlog.get_logger("tandem.outbox")

OPTED_OUT = 21610
"""Twilio: "attempt to send to unsubscribed recipient"."""
REPORTED = frozenset({"delivered", "undelivered", "failed"})
"""Statuses of the carrier that are counted: the last one of a text, each told once."""


class Outbox:
    """Performs entries. `post` makes an event into a letter, `wake` sees to an inbox afterwards."""

    def __init__(
        self,
        store: Store,
        ways: Mapping[str, Ways],
        clock: Clock,
        *,
        post: Post,
        wake: Callable[[Address], None],
        observer: Observer | None = None,
        queues: Queues | None = None,
    ) -> None:
        self._store = store
        self._ways = ways
        self._clock = clock
        self._telling = Telling(ways, clock, post)
        self._wake = wake
        self._observer = observer or Unobserved()
        self._pace = Pace(queues or Queues())
        self._objections = Objections(store)
        self._shut = ShutAccounts(ways, self._observer)

    async def due(self, address: Address, name: str) -> bool:
        """An entry's time has come: claim it, and go on as its state says. False if it cannot be claimed. What
        waited behind it in its lane follows at once: an outage, or a flood, leaves many.
        """
        taken = going = await self._take(address, name)
        while going:
            name = f"{name[0]}{int(name[1:]) + 1}"
            going = await self._take(address, name)
        return taken

    async def _take(self, address: Address, name: str) -> bool:
        """Claim it, and go on as its state says; whether it could be claimed."""
        asked_at = self._clock.now()
        claimed = await self._store.claim(address, name, uuid.uuid4().hex)
        if isinstance(claimed, Unclaimed):
            if claimed.why == "opted_out":
                await self._tell_opted_out(address, read_entry(claimed.payload))
            return False
        if end := left_to_others(self._ways, claimed, asked_at, self._telling):
            await self._settle(address, claimed, end)
            return False
        if isinstance(claimed, Uncertain):
            await self._search(address, claimed)
        else:
            await self.perform(address, claimed, asked_at)
        return isinstance(claimed, Claimed)

    async def perform(self, address: Address, claimed: Claimed, asked_at: float) -> None:
        """Make the attempt, and record how it ended. `asked_at` is when the claim was asked for, by our
        own clock: a process that was frozen since may have lost it, and gives it back instead.
        """
        if self._clock.now() - asked_at > CLAIM_HOLDS:
            await self._settle(address, claimed, Settlement("retry", at=self._clock.now()))
            return
        entry, now = read_entry(claimed.payload), self._clock.now()
        ways = self._ways[entry.assistant]
        key = f"{address.customer}:{claimed.entry}"
        if reason := await self._objections.to(entry, now):
            await self._fail(address, claimed, entry, OPTED_OUT if reason == "opted_out" else 0, reason)
            return
        if other := self._shut.instead(entry, now):  # first on record: its own list tells of its outcome
            await self._settle(address, claimed, Settlement("retry", at=now, payload=other.payload()))
            await self._take(address, claimed.entry)
            return
        wait = self._pace.wait(key, entry.effect, now, ways)
        if wait := wait or await self._objections.others(entry.effect, ways):
            later = put_off(entry, wait).payload()
            await self._settle(address, claimed, Settlement("retry", at=now + wait, payload=later))
            return
        self._shut.asks(entry, now)
        try:
            said, sender = await tell_by_any(ways, address, claimed.entry, entry, self._clock, asked_at)
        except CarrierError as error:
            await self._ended_badly(address, claimed, entry, error, now)
            return
        self._shut.took(entry)
        await self._done(address, claimed, entry, said, sender)

    async def skip(self, address: Address, claimed: Claimed) -> None:
        """The entry is not needed any more."""
        await self._settle(address, claimed, Settlement("done", reason="not_needed"))

    async def delivered(self, address: Address, name: str, carrier_id: str, status: str, code: int) -> bool:
        """A status callback: proof that the carrier took the text, and what became of it."""
        payload = await self._store.outbox_entry(address, name)
        entry = read_entry(payload) if payload else None
        told = Delivery(carrier_id, status, code)
        if entry is not None:
            told = self._telling.by_status(entry, told)
        moved = await self._store.delivery(address, name, told)
        if moved and told.event is not None:
            self._wake(address)
        if moved and entry is not None and status in REPORTED and isinstance(entry.effect, SendMessage):
            self._observer.text("out", status)
            self._shut.refused(entry, code, 0, self._clock.now())
        log.info("text.status", status=status, code=code or None, moved=moved)
        return moved

    # ---- how it ended ----------------------------------------------------------------------------
    async def _done(
        self, address: Address, claimed: Claimed | Uncertain, entry: Entry, said: str, sender: str = ""
    ) -> None:
        """The carrier did it. What it `said` is the id of what it made, or how a call stands."""
        end = self._telling.done(entry, said, sender)
        log.info(
            "outbox.done",
            effect=type(entry.effect).__name__,
            to=masked(entry.customer),
            carrier_id=end.carrier_id,
        )
        if await self._settle(address, claimed, end) and isinstance(entry.effect, SendMessage):
            self._observer.text("out", "sent")

    async def _ended_badly(
        self, address: Address, claimed: Claimed, entry: Entry, error: CarrierError, began: float
    ) -> None:
        log.warning(
            "outbox.attempt_failed",
            effect=type(entry.effect).__name__,
            outcome=error.outcome,
            code=error.code,
            status=error.status,
            attempt=claimed.attempt,
            to=masked(entry.customer),
        )
        now = self._clock.now()
        if error.outcome == "refused":
            self._shut.refused(entry, error.code, error.status, now)
        if error.outcome == "not_sent" or is_repeatable(error, entry):
            at = now + retry_delay(claimed.attempt, entry.effect)
            await self._settle(address, claimed, Settlement("retry", at=at))
        elif error.outcome == "unknown":
            took = now - began  # a carrier that was slow may still be at it: it is given as long again
            at = now + max(SEARCH_AFTER, took)
            await self._settle(address, claimed, Settlement("unknown", at=at))
        elif other := from_elsewhere(self._ways[entry.assistant], entry, error):
            await self._settle(address, claimed, Settlement("retry", at=now, payload=other.payload()))
        else:
            await self._fail(address, claimed, entry, error.code, self._telling.reason(entry, error.code))

    async def _fail(
        self, address: Address, claimed: Claimed | Uncertain, entry: Entry, code: int, reason: str
    ) -> None:
        """It can not be done any more: the session learns it, and an operator may send a text again."""
        end = self._telling.failed(entry, code, reason)
        if await self._settle(address, claimed, end) and isinstance(entry.effect, SendMessage):
            self._observer.text("out", "failed")

    async def _tell_opted_out(self, address: Address, entry: Entry) -> None:
        """The store has failed it in the claim; the session learns it by an event of its own."""
        if isinstance(entry.effect, SendMessage):
            self._observer.text("out", "failed")
        letter = self._telling.of_failure(entry, OPTED_OUT, "opted_out", withheld=True)
        if letter is not None:
            await self._store.accept(address, letter)
            self._wake(address)

    async def _settle(self, address: Address, claimed: Claimed | Uncertain, end: Settlement) -> bool:
        """Record it; False if someone else has the entry by now, whose record counts."""
        held = await record(self._store, self._clock, address, claimed, end)
        if held and end.event is not None:
            self._wake(address)
        return held

    # ---- unknown outcomes ------------------------------------------------------------------------
    async def _search(self, address: Address, doubt: Uncertain) -> None:
        """Look whether the carrier took it before anything is sent again."""
        entry = read_entry(doubt.payload)
        effect, ways = entry.effect, self._ways[entry.assistant]
        now = self._clock.now()
        if not isinstance(effect, SendMessage | PlaceCall):
            await self._settle(address, doubt, Settlement("retry", at=now))
            return
        try:
            bound = await self._store.carrier_ids(address)
            found = await found_at_carrier(ways, effect, doubt.since, bound)
        except CarrierError as error:
            again = after_no_search(doubt, now, error)
            if again is None:
                log.warning("outbox.unresolved", status=error.status, to=masked(entry.customer))
                await self._fail(address, doubt, entry, 0, UNRESOLVED)
            else:
                await self._settle(address, doubt, again)
            return
        if found:
            await self._done(address, doubt, entry, found.carrier_id, found.sender)
        elif doubt.searches < 1:
            at = search_again_at(doubt, now, ways.reconcile_after)
            await self._settle(address, doubt, Settlement("unknown", at=at))
        elif ways.delivery == "at_most_once" or isinstance(effect, PlaceCall):  # never rings twice
            await self._fail(address, doubt, entry, 0, "unknown_outcome")
        else:
            await self._settle(address, doubt, Settlement("retry", at=now))
