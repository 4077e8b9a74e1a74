"""The outbox as records show it: what became of each entry that is still kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orchestrator.ports.records import Address
from orchestrator.ports.sendings import Sending
from orchestrator.store.base import Base

STATE, CODE, CARRIER = 0, 8, 9  # places in an entry's state: FIELDS of entries.lua
WORDS = {"P": "queued", "S": "sending", "U": "sending", "D": "sent", "F": "failed"}


class SendingStore(Base):
    """`orchestrator.ports.sendings.Sendings`."""

    async def sendings(self, addresses: Sequence[Address]) -> list[list[Sending]]:
        """The entries of each customer, in one trip."""
        stored = await self.link.many([("HGETALL", self.keys.customer(address)[3]) for address in addresses])
        return [list(_entries(_mapping(fields))) for fields in stored]


def _mapping(fields: Mapping[bytes, bytes] | Sequence[bytes]) -> dict[str, str]:
    """A hash as redis-py gives it: a mapping, or flat."""
    pairs = fields.items() if isinstance(fields, Mapping) else zip(fields[::2], fields[1::2], strict=True)
    return {name.decode(): value.decode() for name, value in pairs}


def _entries(fields: dict[str, str]) -> Iterator[Sending]:
    for name, payload in fields.items():
        state = fields.get(f"{name}:s", "").split("|")
        if ":" in name or len(state) <= CARRIER:
            continue
        status, code = WORDS.get(state[STATE], ""), state[CODE]
        if delivery := fields.get(f"{name}:d", ""):  # "rank status code"
            _, status, code = delivery.split(" ", 2)
        yield Sending(payload, status, state[CARRIER], int(code) if code.isdecimal() else 0)
