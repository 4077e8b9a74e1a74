"""Erasing a customer: everything that is stored of the number's owner and of the calls beside, wherever it lies.

Calls beside are found by what is left of them: a session in the lists, work that is due, or a dead letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.ports.records import Address
from orchestrator.store.keys import LISTED_STATES
from orchestrator.store.senders import Command
from orchestrator.store.sweeps import SweepStore


@dataclass(frozen=True, slots=True)
class _Traces:
    """What of a partition is one customer's: lines of its log, members of `due`, dead letters, refusals, and the
    customer keys of the owner and the calls beside.
    """

    lines: list[bytes]
    due: list[bytes]
    letters: list[bytes]
    refused: list[bytes]
    places: frozenset[str]


class Erasing(SweepStore):
    """`sessions_of` and `erase` of `orchestrator.ports.Operators`."""

    async def sessions_of(self, address: Address) -> dict[str, Address]:
        """Ids of a customer's sessions that are still listed, and where each lives."""
        stored = await self.link.call("HGETALL", self.keys.of(address.partition, "sum"))
        found = {}
        for session_id, value in pairs(stored):
            customer = value.partition(b"\n")[0].decode()
            if _is_of(customer, address):
                found[session_id.decode()] = Address(address.partition, customer)
        return found

    async def erase(self, address: Address, *, number: str, forget_opt_out: bool = False) -> int:
        """Remove all that is stored of a customer, but for the mark of an opt-out; the number of its
        sessions. Repeating it is harmless. `number` finds its refusals, which hold it.
        """
        sessions = await self.sessions_of(address)
        traces = await self._traces(address, sessions, number)
        partition, of = address.partition, self.keys.of
        commands: list[Command] = [
            *(("DEL", *self._data(Address(partition, place))) for place in sorted(traces.places)),
            ("DEL", self.keys.made(address)),
            ("HDEL", self.keys.consents(partition), address.main.customer),
            ("HDEL", self.keys.consent(address), "p", "pt"),  # what waited is gone with the inbox
            *self._listed(partition, sessions),
            *_each("XDEL", of(partition, "log"), traces.lines),
            *_each("ZREM", of(partition, "due"), traces.due),
            *_each("XDEL", of(partition, "dlq"), traces.letters),
            *_each("ZREM", of(partition, "refused"), traces.refused),
        ]
        if forget_opt_out:
            commands.append(("DEL", self.keys.consent(address)))
        await self.link.many(commands)
        return len(sessions)

    async def _traces(self, address: Address, sessions: dict[str, Address], number: str) -> _Traces:
        """Look through what a partition keeps for all its customers together; the texts that the owner wrote are
        passed over from now on.
        """
        of, partition = self.keys.of, address.partition
        lines, due, dead, refused, seen = await self.link.many(
            [
                ("XRANGE", of(partition, "log"), "-", "+"),
                ("ZRANGE", of(partition, "due"), 0, -1),
                ("XRANGE", of(partition, "dlq"), "-", "+"),
                ("ZRANGE", of(partition, "refused"), 0, -1),
                ("ZRANGE", self.keys.customer(address.main)[2], 0, -1),
            ]
        )
        await self.pass_over([event_id.decode() for event_id in seen])
        members = {member: member.decode().split(":")[1] for member in due}
        letters = {name: dict(pairs(fields))[b"customer"].decode() for name, fields in dead}
        found = (*members.values(), *letters.values(), *(place.customer for place in sessions.values()))
        return _Traces(
            lines=[name for name, fields in lines if dict(pairs(fields))[b"session"].decode() in sessions],
            due=[member for member, customer in members.items() if _is_of(customer, address)],
            letters=[name for name, customer in letters.items() if _is_of(customer, address)],
            refused=[text for text in refused if f'"{number}"'.encode() in text],
            places=frozenset({address.main.customer, *(each for each in found if _is_of(each, address))}),
        )

    def _data(self, address: Address) -> list[str]:
        return [*self.keys.customer(address)[:4], self.keys.half(address)]

    def _listed(self, partition: int, sessions: Iterable[str]) -> list[Command]:
        ids = list(sessions)
        indexes = [self.keys.index(partition, name) for name in (*LISTED_STATES, "live")]
        return [
            *_each("HDEL", self.keys.of(partition, "sum"), ids),
            *_each("HDEL", self.keys.of(partition, "find"), ids),
            *(command for index in indexes for command in _each("ZREM", index, ids)),
            *(("DEL", self.keys.lines(partition, session_id)) for session_id in ids),
            *(("DEL", self.keys.record(partition, session_id)) for session_id in ids),
        ]


def pairs(stored: Any) -> list[tuple[bytes, bytes]]:
    """A hash as redis-py gives it: a mapping, or flat."""
    if isinstance(stored, dict):
        return list(stored.items())
    return list(zip(stored[::2], stored[1::2], strict=True))


def _is_of(customer: str, address: Address) -> bool:
    """Whether a customer key is that of the number's owner, or of a call beside."""
    return customer.partition("~")[0] == address.main.customer


def _each(command: str, key: str, members: Sequence[Any]) -> list[Command]:
    return [(command, key, *members)] if members else []
