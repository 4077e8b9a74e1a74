"""What the console keeps of the people who signed in, for all processes of a service."""

from __future__ import annotations

from typing import Protocol


class Visits(Protocol):
    """Records under a name, which is a digest of what only the visitor's browser holds."""

    async def keep_visit(self, name: str, value: str, seconds: float) -> None:
        """Keep a record for that long; a later one replaces it."""
        ...

    async def visit(self, name: str) -> str | None:
        """The record, while it is kept."""
        ...

    async def drop_visit(self, name: str) -> None:
        """Forget it in every process at once."""
        ...

    async def count_try(self, who: str, seconds: float, *, more: int = 1) -> int:
        """How many tries `who` has made since the first one of this while, `more` of them now."""
        ...
