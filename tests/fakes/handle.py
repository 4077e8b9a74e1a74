"""A house that remembers what a channel told it and answers as it is steered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orchestrator.core.effects import Document, Listen, Say
from orchestrator.ports.overhearing import Half


@dataclass(frozen=True)
class Told:
    """One call of the house: what was said, about whom."""

    assistant: str
    customer: str | None
    event: Any
    beside: bool = False
    call_sid: str = ""


@dataclass
class RecordingHandle:
    """Set `document` to steer the answer (its call is the event's), or `error` to have every method raise."""

    document: Document | None = None
    error: Exception | None = None
    voiced: list[Told] = field(default_factory=list)
    taken: list[Told] = field(default_factory=list)
    delivered: list[dict[str, Any]] = field(default_factory=list)
    overheard: list[tuple[str, str, Half]] = field(default_factory=list)

    async def voice(
        self, assistant: str, customer: str | None, event: Any, *, beside: bool = False
    ) -> Document:
        """Remembers the request, and answers with the steered document or a greeting that listens."""
        self._fail()
        self.voiced.append(Told(assistant, customer, event, beside=beside))
        return self.document or Document(
            call_sid=event.call_sid, number=1, verbs=(Say(text="Hello"),), ending=Listen(timeout=7.0)
        )

    async def take(self, assistant: str, customer: str | None, event: Any, *, call_sid: str = "") -> bool:
        """Remembers the fact; true the first time that its id is seen."""
        self._fail()
        known = any(told.event.id == event.id for told in self.taken)
        self.taken.append(Told(assistant, customer, event, call_sid=call_sid))
        return not known

    async def overhear(self, assistant: str, customer: str, half: Half) -> None:
        """Remembers the words."""
        self._fail()
        self.overheard.append((assistant, customer, half))

    async def delivery(
        self, *, customer_key: str, entry: str, message_sid: str, status: str, code: int
    ) -> bool:
        """Remembers the status."""
        self._fail()
        self.delivered.append(
            {
                "customer_key": customer_key,
                "entry": entry,
                "message_sid": message_sid,
                "status": status,
                "code": code,
            }
        )
        return True

    @property
    def untouched(self) -> bool:
        """Whether nothing was told."""
        return not (self.voiced or self.taken or self.delivered or self.overheard)

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
