"""Opt-outs as a list: whose they are is kept beside the hashed keys, so that they can be exported."""

from __future__ import annotations

import json
import re
from typing import Any

from orchestrator.core.errors import BadCursorError
from orchestrator.ports.operators import OptOut
from orchestrator.store.base import Base
from orchestrator.store.packing import seconds
from orchestrator.store.senders import Command

_CURSOR = re.compile(r"([0-9]{1,4})\.([0-9a-f]{32})")
READ = 16
"""Partitions that are read together."""


class ConsentStore(Base):
    """`opt_outs` of `orchestrator.ports.Operators`."""

    async def opt_outs(
        self, *, assistant: str = "", limit: int = 100, cursor: str = ""
    ) -> tuple[list[OptOut], str | None]:
        """Who is opted out, in an order of no meaning, and the cursor of the next page. Raises
        `BadCursorError`.
        """
        first, after = _place(cursor, self.partitions)
        found: list[tuple[str, OptOut]] = []
        for start in range(first, self.partitions, READ):
            for partition in range(start, min(start + READ, self.partitions)):
                found += [
                    (f"{partition}.{customer}", record)
                    for customer, record in await self._of(partition, assistant)
                    if partition > first or customer > after
                ]
            if len(found) > limit:
                return [record for _, record in found[:limit]], found[limit - 1][0]
        return [record for _, record in found], None

    async def _of(self, partition: int, assistant: str) -> list[tuple[str, OptOut]]:
        """The opt-outs of a partition by their customers' keys, in the order of these."""
        whose = _mapping(await self.link.call("HGETALL", self.keys.consents(partition)))
        asked = sorted(
            customer for customer, told in whose.items() if assistant in {"", json.loads(told)["assistant"]}
        )
        commands: list[Command] = [
            ("HMGET", self.keys.of(partition, f"consent:{customer}"), "s", "at", "by") for customer in asked
        ]
        kept = await self.link.many(commands)
        return [
            (customer, OptOut(**json.loads(whose[customer]), since=seconds(at), source=by.decode()))
            for customer, (state, at, by) in zip(asked, kept, strict=True)
            if state == b"opted_out"
        ]


def _place(cursor: str, partitions: int) -> tuple[int, str]:
    """Partition and customer behind which a page begins."""
    if not cursor:
        return 0, ""
    found = _CURSOR.fullmatch(cursor)
    if found is None or int(found[1]) >= partitions:
        raise BadCursorError("this is no cursor of a page")
    return int(found[1]), found[2]


def _mapping(fields: Any) -> dict[str, str]:
    """A hash as redis-py gives it: a mapping, or flat."""
    pairs = fields.items() if isinstance(fields, dict) else zip(fields[::2], fields[1::2], strict=True)
    return {name.decode(): value.decode() for name, value in pairs}
