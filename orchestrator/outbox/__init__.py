"""The outbox: performs what a commit left to be done, in order, and records how each attempt ended.

An entry is claimed before the carrier is told, and settled after. An attempt without a known outcome
is searched at the carrier before any second one (`searching.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from orchestrator.core.effects import EndCall, InterruptCall, PlaceCall, SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.core.events import Event
from orchestrator.core.numbers import masked
from orchestrator.outbox.entries import Entry, read_entry
from orchestrator.outbox.outcomes import (
    FINAL_FAILURES,
    is_repeatable,
    retry_delay,
    told_when_done,
    told_when_failed,
)
from orchestrator.outbox.searching import found_at_carrier
from orchestrator.ports import Address, Carrier, Claimed, Clock, Inboxed, Settlement, Store, Uncertain

log = structlog.get_logger("tandem.outbox")

SEARCH_AFTER = 3.0
"""Seconds before an unknown outcome is searched: the carrier's list is not immediate."""


class Ways(Protocol):
    """What the outbox needs of an assistant's line."""

    @property
    def texts(self) -> Carrier | None:
        """Where texts go."""
        ...

    @property
    def calls(self) -> Carrier | None:
        """Where calls are."""
        ...

    @property
    def delivery(self) -> str:
        """`at_least_once` or `at_most_once`, for outcomes that no search settles."""
        ...

    @property
    def reconcile_after(self) -> float:
        """Seconds between two searches that must both find nothing."""
        ...


Post = Callable[[str, str | None, Event], Inboxed]


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
    ) -> None:
        self._store = store
        self._ways = ways
        self._clock = clock
        self._post = post
        self._wake = wake

    async def due(self, address: Address, name: str) -> None:
        """An entry's time has come: claim it, and go on as its state says."""
        claimed = await self._store.claim(address, name, uuid.uuid4().hex)
        if isinstance(claimed, Claimed):
            await self.perform(address, claimed)
        elif isinstance(claimed, Uncertain):
            await self._search(address, claimed)
        elif claimed.why == "opted_out":
            await self._tell_opted_out(address, read_entry(claimed.payload))

    async def perform(self, address: Address, claimed: Claimed) -> None:
        """Make the attempt, and record how it ended."""
        entry = read_entry(claimed.payload)
        effect = entry.effect
        if isinstance(effect, SendMessage):
            if effect.blocked:
                await self._fail(address, claimed, entry, 0, effect.blocked)
                return
            if effect.expires_at and self._clock.now() > effect.expires_at:
                await self._fail(address, claimed, entry, 0, "expired")
                return
        try:
            carrier_id = await self._tell_carrier(address, claimed.entry, entry)
        except CarrierError as error:
            await self._ended_badly(address, claimed, entry, error)
            return
        await self._done(address, claimed, entry, carrier_id)

    async def skip(self, address: Address, claimed: Claimed) -> None:
        """The entry is not needed any more."""
        await self._settle(address, claimed, Settlement("done", reason="not_needed"))

    async def delivered(self, address: Address, name: str, carrier_id: str, status: str, code: int) -> bool:
        """A status callback: proof that the carrier took the text, and what became of it."""
        told = None
        payload = await self._store.outbox_entry(address, name) if status in FINAL_FAILURES else None
        if payload is not None:
            told = self._failure(read_entry(payload), code)
        moved = await self._store.delivery(address, name, carrier_id, status, code, told)
        if moved and told is not None:
            self._wake(address)
        log.info("text.status", status=status, code=code or None, moved=moved)
        return moved

    def _failure(self, entry: Entry, code: int) -> Inboxed | None:
        texts = self._ways[entry.assistant].texts
        reason = texts.reason(code) if texts else "carrier_error"
        return self._letter(entry, told_when_failed(entry, self._clock.now(), code, reason))

    # ---- the carrier -----------------------------------------------------------------------------
    async def _tell_carrier(self, address: Address, name: str, entry: Entry) -> str:
        effect, ways = entry.effect, self._ways[entry.assistant]
        if isinstance(effect, SendMessage):
            callback = {"assistant": entry.assistant, "customer": address.customer, "entry": name}
            return await _there(ways.texts).send_message(
                to=effect.to, sender=effect.sender, body=effect.body, media=effect.media, callback=callback
            )
        calls = _there(ways.calls)
        if isinstance(effect, InterruptCall):
            await calls.interrupt_call(effect.call_sid, effect.document, beside=effect.beside)
        elif isinstance(effect, EndCall):
            await calls.end_call(effect.call_sid)
        elif isinstance(effect, PlaceCall):
            return await calls.place_call(to=effect.to, sender=effect.sender, reference=effect.reference)
        return ""

    # ---- how it ended ----------------------------------------------------------------------------
    async def _done(
        self, address: Address, claimed: Claimed | Uncertain, entry: Entry, carrier_id: str
    ) -> None:
        event = told_when_done(entry, self._clock.now(), carrier_id)
        log.info(
            "outbox.done",
            effect=type(entry.effect).__name__,
            to=masked(entry.customer),
            carrier_id=carrier_id,
        )
        await self._settle(address, claimed, Settlement("done", carrier_id, event=self._letter(entry, event)))

    async def _ended_badly(
        self, address: Address, claimed: Claimed, entry: Entry, error: CarrierError
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
        if error.outcome == "not_sent" or is_repeatable(error, entry):
            await self._settle(address, claimed, Settlement("retry", at=now + retry_delay(claimed.attempt)))
        elif error.outcome == "unknown":
            await self._settle(address, claimed, Settlement("unknown", at=now + SEARCH_AFTER))
        else:
            carrier = self._ways[entry.assistant].texts or self._ways[entry.assistant].calls
            reason = carrier.reason(error.code) if carrier else "carrier_error"
            await self._fail(address, claimed, entry, error.code, reason)

    async def _fail(
        self, address: Address, claimed: Claimed | Uncertain, entry: Entry, code: int, reason: str
    ) -> None:
        event = told_when_failed(entry, self._clock.now(), code, reason)
        letter = self._letter(entry, event)
        await self._settle(address, claimed, Settlement("failed", code=code, reason=reason, event=letter))

    async def _tell_opted_out(self, address: Address, entry: Entry) -> None:
        """The store has failed it in the claim; the session learns it by an event of its own."""
        letter = self._letter(entry, told_when_failed(entry, self._clock.now(), 21610, "opted_out"))
        if letter is not None:
            await self._store.accept(address, letter)
            self._wake(address)

    async def _settle(self, address: Address, claimed: Claimed | Uncertain, end: Settlement) -> None:
        held = await self._store.settle(address, claimed.entry, claimed.token, end)
        if held and end.event is not None:
            self._wake(address)

    def _letter(self, entry: Entry, event: Event | None) -> Inboxed | None:
        return self._post(entry.assistant, entry.customer, event) if event is not None else None

    # ---- unknown outcomes ------------------------------------------------------------------------
    async def _search(self, address: Address, doubt: Uncertain) -> None:
        """Look whether the carrier took it before anything is sent again."""
        entry = read_entry(doubt.payload)
        effect, ways = entry.effect, self._ways[entry.assistant]
        now = self._clock.now()
        if not isinstance(effect, SendMessage):
            await self._settle(address, doubt, Settlement("retry", at=now))
            return
        try:
            carrier_id = await found_at_carrier(_there(ways.texts), effect, doubt.since)
        except CarrierError:
            await self._settle(
                address, doubt, Settlement("unknown", at=now + retry_delay(doubt.searches + 1))
            )
            return
        if carrier_id:
            await self._done(address, doubt, entry, carrier_id)
        elif doubt.searches < 1:
            await self._settle(address, doubt, Settlement("unknown", at=now + ways.reconcile_after))
        elif ways.delivery == "at_most_once":
            await self._fail(address, doubt, entry, 0, "unknown_outcome")
        else:
            await self._settle(address, doubt, Settlement("retry", at=now))


def _there(carrier: Carrier | None) -> Carrier:
    if carrier is None:
        raise CarrierError("this assistant has no such integration", outcome="refused")
    return carrier
