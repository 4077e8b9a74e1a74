"""What callers are just saying: a few lines for each customer, for a minute, where every worker finds them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from orchestrator.ports.overhearing import Half
from orchestrator.ports.records import Address
from orchestrator.store.base import Base
from orchestrator.store.packing import ms

KEPT = 8
"""Lines of a customer: requests overtake one another, and a call may follow closely on another."""
LIFE = 60.0
"""Seconds; a recogniser that is silent for longer has ended the utterance."""


class Overheard(Base):
    """`orchestrator.ports.overhearing.Overhearing`."""

    async def overhear(self, address: Address, half: Half) -> None:
        """Keep the words for a minute; the oldest ones of the customer make room."""
        key = self.keys.half(address)
        line = json.dumps([half.call_sid, half.document, half.sequence, half.words])
        await self.link.many(
            [
                ("ZADD", key, self._now() or ms(time.time()), line),
                ("ZREMRANGEBYRANK", key, 0, -1 - KEPT),
                ("PEXPIRE", key, ms(LIFE)),
            ]
        )

    async def overheard(self, address: Address) -> Sequence[Half]:
        """The last words of the customer that are kept."""
        lines = await self.link.call("ZRANGE", self.keys.half(address), 0, -1)
        return [Half(*json.loads(line)) for line in lines]
