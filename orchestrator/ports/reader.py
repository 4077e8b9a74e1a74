"""The reading side of the store, for the API and the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from orchestrator.core.session import Consent
from orchestrator.ports.records import Address


class Reader(Protocol):
    """The reading side, for API and console."""

    async def sessions(
        self,
        *,
        states: Sequence[str] = (),
        assistant: str = "",
        q: str = "",
        limit: int = 50,
        cursor: str = "",
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Session summaries, newest first, without `ended` unless asked for, and the next cursor."""
        ...

    async def session(self, session_id: str) -> tuple[Address, dict[str, Any]] | None:
        """Where a session lives and its summary."""
        ...

    async def events(self, session_id: str, after: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """Timeline lines of a session, oldest first, after a line's id."""
        ...

    async def refusals(self, *, limit: int = 50, cursor: str = "") -> tuple[list[dict[str, Any]], str | None]:
        """Texts that were turned away, newest first."""
        ...

    async def consent(self, address: Address) -> Consent:
        """Whether the customer may be texted."""
        ...

    async def recall(self, address: Address, key: str) -> str | None:
        """What was remembered under an Idempotency-Key."""
        ...

    async def remember(self, address: Address, key: str, value: str) -> None:
        """Keep an answer for a day, so that a repeated request gets it again."""
        ...

    async def document(self, address: Address) -> str | None:
        """The stored session document of a customer."""
        ...
