"""Pictures and sounds that came with a text: fetched from the carrier for who has none of its credentials."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies at an address: its type as the carrier names it, its bytes as they come."""

    content_type: str
    chunks: AsyncIterator[bytes]


class MediaSource(Protocol):
    """The carriers' stores of media."""

    def fetch(self, assistant: str, url: str) -> AbstractAsyncContextManager[Fetched] | None:
        """Open an address of `assistant`'s account; None where it is none of its media. Entering raises
        `CarrierError`.
        """
        ...
