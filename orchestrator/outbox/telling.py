"""What is recorded of an attempt, and what the session and an operator learn by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from orchestrator.core.effects import DeliverHook, LookUpCall, SendMessage
from orchestrator.core.events import Event
from orchestrator.outbox.dead import retry_of
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.failover import once_more
from orchestrator.outbox.outcomes import (
    FINAL_FAILURES,
    told_by_status,
    told_when_done,
    told_when_failed,
    told_when_found,
)
from orchestrator.outbox.senders import numbers_left
from orchestrator.outbox.ways import Ways
from orchestrator.ports import Clock, Delivery, Inboxed, Settlement

Post = Callable[[str, str | None, Event], Inboxed]
"""Makes an event into a letter to the inbox of a customer."""


class Telling:
    """Makes settlements, and completes status callbacks."""

    def __init__(self, ways: Mapping[str, Ways], clock: Clock, post: Post) -> None:
        self._ways = ways
        self._clock = clock
        self._post = post

    def done(self, entry: Entry, said: str, sender: str) -> Settlement:
        """The carrier did it. What it `said` is the id of what it made, or how a call stands."""
        carrier_id = "" if isinstance(entry.effect, LookUpCall) else said
        event = self._letter(entry, told_when_done(entry, self._clock.now(), said, sender))
        return Settlement("done", carrier_id, event=event)

    def failed(self, entry: Entry, code: int, reason: str) -> Settlement:
        """It can not be done any more."""
        now = self._clock.now()
        dead = self._letter(entry, retry_of(entry, now, reason))
        return Settlement(
            "failed", code=code, reason=reason, event=self.of_failure(entry, code, reason), dead=dead
        )

    def of_failure(self, entry: Entry, code: int, reason: str, *, withheld: bool = False) -> Inboxed | None:
        """What the session is told of a failure."""
        event = told_when_failed(entry, self._clock.now(), code, reason, withheld=withheld)
        return self._letter(entry, event)

    def by_status(self, entry: Entry, said: Delivery) -> Delivery:
        """The carrier's word with what follows from it: another attempt, or what is learnt."""
        now, code = self._clock.now(), said.code
        failed = said.status in FINAL_FAILURES
        if failed and (again := once_more(self._ways[entry.assistant], entry, said, now)):
            return again
        reason = self.reason(entry, code) if failed else ""
        event = self._letter(
            entry, told_by_status(entry, now, said.carrier_id, code, reason, self._sender(entry))
        )
        dead = self._letter(entry, retry_of(entry, now, reason)) if reason else None
        taken, untold = told_when_found(entry, now, said.carrier_id, self._sender(entry))
        found = None if reason else self._letter(entry, taken)
        return replace(said, reason=reason, event=event, dead=dead, found=found, untold=untold)

    def reason(self, entry: Entry, code: int) -> str:
        """The carrier's word for a code; of a webhook, its status."""
        if isinstance(entry.effect, DeliverHook):
            return f"status_{code}" if code else "unreachable"
        ways = self._ways[entry.assistant]
        carrier = ways.texts if isinstance(entry.effect, SendMessage) else ways.calls
        return carrier.reason(code) if carrier else "carrier_error"

    def _sender(self, entry: Entry) -> str:
        """The number that a text left from which was not the one that was meant; empty where nothing is known of that."""
        effect = entry.effect
        if not isinstance(effect, SendMessage) or not (effect.refused or effect.tried_last):
            return ""
        return numbers_left(effect, self._ways[entry.assistant])[0]

    def _letter(self, entry: Entry, event: Event | None) -> Inboxed | None:
        return self._post(entry.assistant, entry.customer, event) if event is not None else None
