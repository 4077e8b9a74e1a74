"""What the sweep of the carrier's lists asks of the carrier and of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from orchestrator.core.events import TextReceived
from orchestrator.ports.records import Address


@dataclass(frozen=True, slots=True)
class Listed:
    """A text in the carrier's list, from `customer`, created there at `created_at` (Unix seconds). The
    `event` is without its media where `has_media` says that it came with some.
    """

    customer: str
    created_at: float
    event: TextReceived
    has_media: bool = False


class Inbound(Protocol):
    """The carrier's list of the texts that came to one number of ours. Methods raise `CarrierError`."""

    @property
    def assistant(self) -> str:
        """Whose number it is."""
        ...

    @property
    def number(self) -> str:
        """Ours."""
        ...

    async def received(self, since: float, now: float) -> Sequence[Listed]:
        """What came since then, oldest first; events are dated `now`."""
        ...

    async def answered(self, since: float) -> Mapping[str, float]:
        """Who was sent a text from the number since then, and when last."""
        ...

    async def with_media(self, listed: Listed) -> TextReceived:
        """The event with what the carrier keeps of its media."""
        ...


class Sweeps(Protocol):
    """Who sweeps which number, since when, and what is known already."""

    async def begin_sweep(self, assistant: str, number: str, token: str, seconds: float) -> float | None:
        """Take the sweep of a number for that long: when the last whole one began (0: never), or None
        while another process has it.
        """
        ...

    async def end_sweep(self, assistant: str, number: str, token: str, began_at: float | None) -> None:
        """Give it back; `began_at` where everything was seen to."""
        ...

    async def pass_over(self, event_ids: Sequence[str]) -> None:
        """Count texts as known, although nobody takes them."""
        ...

    async def unknown(self, texts: Sequence[tuple[Address, str, float]]) -> Sequence[bool]:
        """Which of these texts (customer, event id, created at) were never taken."""
        ...
