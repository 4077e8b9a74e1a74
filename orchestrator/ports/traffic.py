"""What was asked of us and what we asked, for people who look for a fault: no words, numbers masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class TrafficBook(Protocol):
    """The latest requests of all processes."""

    async def write_traffic(self, entries: Sequence[str]) -> None:
        """Keep these entries (JSON) for a while; the oldest go."""
        ...

    async def traffic(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest entries first."""
        ...
