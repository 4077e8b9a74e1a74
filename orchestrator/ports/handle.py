"""The house, as a channel sees it."""

from __future__ import annotations

from typing import Any, Protocol

from orchestrator.core.effects import Document


class Handle(Protocol):
    """The house, as a channel sees it. `customer` is E.164, or None where the caller withholds it."""

    async def voice(
        self, assistant: str, customer: str | None, event: Any, *, beside: bool = False
    ) -> Document:
        """A voice request: the document that answers it, within `voice_budget` and two seconds."""
        ...

    async def take(self, assistant: str, customer: str | None, event: Any, *, call_sid: str = "") -> bool:
        """A fact without an answer: durable when this returns; False if it was known already."""
        ...

    async def delivery(
        self, *, customer_key: str, entry: str, message_sid: str, status: str, code: int
    ) -> bool:
        """A message status callback."""
        ...
