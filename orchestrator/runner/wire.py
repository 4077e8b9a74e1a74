"""Events, answers and effects as they are stored."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from orchestrator.core import codec
from orchestrator.core.effects import Document
from orchestrator.core.errors import ContractError
from orchestrator.core.events import (
    CallStarted,
    DocumentRequested,
    Event,
)
from orchestrator.core.keywords import may_opt_out
from orchestrator.ports import Inboxed, LegAnswer

_NO_ORDER = -1


def dumps(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """An event and whose it is: what waits in an inbox is understood by any process."""

    assistant: str
    customer: str | None
    event: Event

    def inboxed(self) -> Inboxed:
        """The letter as the store takes it."""
        stored = {"assistant": self.assistant, "customer": self.customer, "event": codec.dump(self.event)}
        return Inboxed(self.event.id, dumps(stored), opts_out=may_opt_out(self.event))


def read_letter(entry: Inboxed) -> Letter:
    """The letter that waited."""
    stored = json.loads(entry.payload)
    event: Event = codec.load(Event, stored["event"])
    if not isinstance(event, get_args(Event)):
        raise ContractError("a letter without an event that this release knows")
    return Letter(stored["assistant"], stored["customer"], event)


def owner(entry: Inboxed) -> tuple[str, str | None]:
    """Whose a letter is: assistant and customer, also where its event cannot be read."""
    stored = json.loads(entry.payload)
    return stored["assistant"], stored["customer"]


def waiting(inbox: Iterable[Inboxed]) -> list[Event]:
    """The events of an inbox that can be read: the others are no reason to fail those before them."""
    events = []
    for entry in inbox:
        with contextlib.suppress(Exception):
            events.append(read_letter(entry).event)
    return events


def to_answer(document: Document) -> str:
    """A document as it is kept with the leg."""
    return dumps(codec.dump(document))


def from_answer(answer: str) -> Document:
    """The document that was kept."""
    document: Document = codec.load(Document, json.loads(answer))
    return document


def ordinal(event: Event) -> int:
    """The place of a voice request in its call: the document it comes from; fetches have none."""
    if isinstance(event, CallStarted):
        return 0
    if isinstance(event, DocumentRequested):
        return _NO_ORDER
    return int(getattr(event, "document", _NO_ORDER))


def leg_answer(event: Event, document: Document) -> LegAnswer:
    """The answer of a voice request, to be given again should the request come again."""
    return LegAnswer(document.call_sid, event.id, ordinal(event), to_answer(document))
