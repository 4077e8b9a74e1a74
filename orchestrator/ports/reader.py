"""The reading side of the store, for the API and the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from orchestrator.core.session import Consent
from orchestrator.ports.records import Address, Logged


@dataclass(frozen=True, slots=True)
class Listed:
    """A session of a list: where it lives, its summary, and the cursor of what comes after it."""

    address: Address
    summary: dict[str, Any]
    cursor: str


class Reader(Protocol):
    """The reading side, for API and console."""

    async def sessions(
        self,
        *,
        states: Sequence[str] = (),
        assistant: str = "",
        q: str = "",
        anywhere: bool = False,
        problems: bool = False,
        limit: int = 50,
        cursor: str = "",
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Session summaries, newest first, without `ended` unless asked for, and the next cursor.

        `q` is a part of the number or of the id; with `anywhere` also of the assistant's name, the state, or the
        newest words of the timeline (`orchestrator.core.sought`). `problems`: only those with a text that failed last.
        A filter that few fit may give a short page with a cursor.
        """
        ...

    async def listing(
        self,
        *,
        states: Sequence[str] = (),
        assistant: str = "",
        q: str = "",
        anywhere: bool = False,
        problems: bool = False,
        limit: int = 50,
        cursor: str = "",
    ) -> tuple[list[Listed], str | None]:
        """As `sessions`, for those who go on from any session of it."""
        ...

    async def session(self, session_id: str) -> tuple[Address, dict[str, Any]] | None:
        """Where a session lives and its summary."""
        ...

    async def events(self, session_id: str, after: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """Timeline lines of a session, oldest first, after a line's id."""
        ...

    async def recent(self, session_ids: Sequence[str], most: int) -> list[list[dict[str, Any]]]:
        """The newest lines of each session, oldest first: `most` of each, in one trip."""
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

    async def log(self, after: str = "", limit: int = 500) -> tuple[list[Logged], str]:
        """Lines of all sessions after a place, oldest first, and the place reached; without a place only
        the present one.
        """
        ...

    async def flow(self, day: str = "") -> dict[str, int]:
        """How often each move was made on a day (UTC, `2026-11-24`; today unless given), by `before>after`."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many sessions there are of each state but `ended`."""
        ...
