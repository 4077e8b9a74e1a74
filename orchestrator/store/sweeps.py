"""Sweeps of the carrier's lists: who has which number, when it was last swept, and which texts are known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from orchestrator.ports.records import Address
from orchestrator.store.base import Base
from orchestrator.store.keys import DAY, FORGOTTEN, SEEN_BOUND
from orchestrator.store.packing import ms, seconds
from orchestrator.store.senders import Command

TEXTS = ("SM", "MM")
"""How the ids of texts begin (Twilio: SMS, MMS)."""
KEPT = 30 * 86_400  # seconds that the moment of a number's last sweep is kept: longer than any look-back


class SweepStore(Base):
    """`orchestrator.ports.sweeping.Sweeps`."""

    async def begin_sweep(self, assistant: str, number: str, token: str, seconds: float) -> float | None:
        """When the last whole sweep of the number began, or None while another process has it.

        The lease only spares the carrier: two sweeps at once would take each text once all the same.
        """
        key = self.keys.sweep(assistant, number)
        taken = await self.link.call("SET", f"{key}:lease", token, "NX", "PX", ms(seconds))
        if not taken:
            return None
        last = await self.link.call("GET", key)
        return float(last) if last is not None else 0.0

    async def end_sweep(self, assistant: str, number: str, token: str, began_at: float | None) -> None:
        """Give it back; `began_at` where everything was seen to."""
        key = self.keys.sweep(assistant, number)
        if began_at is not None:
            await self.link.call("SET", key, repr(began_at), "EX", KEPT)
        held = await self.link.call("GET", f"{key}:lease")
        if held is not None and held.decode() == token:
            await self.link.call("DEL", f"{key}:lease")

    async def pass_over(self, event_ids: Sequence[str]) -> None:
        """Count texts as known for a day, whoever wrote them: what the carrier lists and nobody wants, such
        as what an erased customer wrote.
        """
        texts = [event_id for event_id in event_ids if event_id.startswith(TEXTS)]
        if not texts:
            return
        at = self._now() or ms(time.time())
        await self.link.many(
            [
                ("ZADD", FORGOTTEN, *(part for event_id in texts for part in (at, event_id))),
                ("ZREMRANGEBYSCORE", FORGOTTEN, "-inf", int(at) - ms(DAY)),
                ("EXPIRE", FORGOTTEN, int(DAY)),
            ]
        )

    async def unknown(self, texts: Sequence[tuple[Address, str, float]]) -> list[bool]:
        """Which of these texts were never taken. Ids of a customer are remembered for a day, and not
        without bound: what is older than the oldest of a full memory counts as known.
        """
        commands: list[Command] = []
        for address, event_id, _ in texts:
            seen = self.keys.customer(address)[2]
            commands.append(("ZSCORE", seen, event_id))
            commands.append(("ZRANGE", seen, 0, 0, "WITHSCORES"))
            commands.append(("ZCARD", seen))
            commands.append(("ZSCORE", FORGOTTEN, event_id))
        answers = await self.link.many(commands)
        rows = [answers[place : place + 4] for place in range(0, len(answers), 4)]
        return [_is_unknown(row, created_at) for row, (_, _, created_at) in zip(rows, texts, strict=True)]


def _is_unknown(row: Sequence[Any], created_at: float) -> bool:
    score, oldest, size, forgotten = row
    if score is not None or forgotten is not None:
        return False
    return size < SEEN_BOUND or created_at >= seconds(_score(oldest))


def _score(oldest: Sequence[Any]) -> Any:
    """The score of the only member, which RESP2 gives flat and RESP3 in a pair."""
    return oldest[0][1] if isinstance(oldest[0], list | tuple) else oldest[1]
