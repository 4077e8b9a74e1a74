"""What may happen once in a while over all processes: a name has one slot, which stays taken for a time."""

from __future__ import annotations

from orchestrator.store.base import Base
from orchestrator.store.packing import ms, seconds

_NO_END = -1
"""PTTL of a key without an end; -2 where there is none."""


class Slots(Base):
    """`orchestrator.ports.Store.take_slot`."""

    async def take_slot(self, name: str, lasting: float) -> float:
        """Take the slot of `name` for `lasting` seconds: 0 if it was free, else the seconds until it is.

        A store whose clock was injected serves one process, which keeps its own pace: the server's time,
        by which slots end, says nothing there.
        """
        if self._clock is not None:
            return 0.0
        key = self.keys.slot(name)
        if await self.link.call("SET", key, "1", "NX", "PX", max(1, ms(lasting))):
            return 0.0
        left = int(await self.link.call("PTTL", key))
        return seconds(left) if left > _NO_END else 0.0
