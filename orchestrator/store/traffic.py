"""The latest requests of all processes: one bounded stream, kept no longer than anything else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from orchestrator.store.base import Base
from orchestrator.store.keys import TRAFFIC, TRAFFIC_BOUND
from orchestrator.store.packing import ms


class TrafficStore(Base):
    """`orchestrator.ports.traffic.TrafficBook`."""

    async def write_traffic(self, entries: Sequence[str]) -> None:
        """Keep these entries; the oldest go."""
        commands: list[tuple[Any, ...]] = [
            ("XADD", TRAFFIC, "MAXLEN", "~", TRAFFIC_BOUND, "*", "entry", entry) for entry in entries
        ]
        await self.link.many([*commands, ("PEXPIRE", TRAFFIC, ms(self.lifetimes.retention))])

    async def traffic(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest entries first."""
        found = await self.link.call("XREVRANGE", TRAFFIC, "+", "-", "COUNT", limit)
        return [_entry(fields) for _, fields in found]


def _entry(fields: Any) -> dict[str, Any]:
    text = fields[b"entry"] if isinstance(fields, dict) else fields[1]
    entry: dict[str, Any] = json.loads(text)
    return entry
