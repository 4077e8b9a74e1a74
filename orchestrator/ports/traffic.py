"""What was asked of us and what we asked, for people who look for a fault: no words, numbers masked.

Whether a webhook was news shows only where it is handled. Who handles it remarks it, and who lists the webhooks
collects what was remarked; where nobody lists them a remark is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, Protocol

Remark = Literal["repeated", "late"]
"""`repeated`: it was taken before. `late`: something younger of the same call or text came first."""

_REMARKS: ContextVar[list[Remark] | None] = ContextVar("tandem_remarks", default=None)


@contextmanager
def remarks() -> Iterator[list[Remark]]:
    """What is remarked of the webhook that is handled inside, in order."""
    found: list[Remark] = []
    token = _REMARKS.set(found)
    try:
        yield found
    finally:
        _REMARKS.reset(token)


def remark(what: Remark) -> None:
    """Note it of the webhook that is being handled, if there is one."""
    found = _REMARKS.get()
    if found is not None:
        found.append(what)


class TrafficBook(Protocol):
    """The latest requests of all processes."""

    async def write_traffic(self, entries: Sequence[str]) -> None:
        """Keep these entries (JSON) for a while; the oldest go."""
        ...

    async def traffic(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest entries first."""
        ...
