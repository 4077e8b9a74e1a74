"""What operators and the privacy calls need: dead letters, backlog, consent by hand, and erasing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from orchestrator.ports.operators import Backlog, ConsentRecord, DeadLetter
from orchestrator.ports.records import Address
from orchestrator.store.consents import ConsentStore
from orchestrator.store.keys import LISTED_STATES
from orchestrator.store.packing import inboxed, ms, seconds
from orchestrator.store.senders import Command
from orchestrator.store.sendings import SendingStore
from orchestrator.store.sweeps import SweepStore


class Operators(SweepStore, SendingStore, ConsentStore):
    """Beside the ports: used by the command line, metrics and the privacy calls of the API."""

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """What was given up, newest first."""
        commands = [("XREVRANGE", key, "+", "-", "COUNT", limit) for key in self._all("dlq")]
        replies = await self.link.many(commands)
        letters = [
            _letter(partition, entry) for partition, reply in enumerate(replies) for entry in reply or ()
        ]
        return sorted(letters, key=lambda letter: letter.at, reverse=True)[:limit]

    async def dead_letter(self, partition: int, name: str) -> DeadLetter | None:
        """One of them, by its place."""
        found = await self.link.call("XRANGE", self.keys.of(partition, "dlq"), name, name)
        return _letter(partition, found[0]) if found else None

    async def retry_dead(self, letter: DeadLetter) -> bool:
        """Put it back at the end of its customer's inbox; False if it is not there any more."""
        return bool(await self._run("revive", letter.address, letter.id, "retry"))

    async def drop_dead(self, letter: DeadLetter) -> bool:
        """Forget it; False if it is not there any more."""
        return bool(await self._run("revive", letter.address, letter.id, "drop"))

    async def backlog(self) -> Backlog:
        """Counts over all partitions, in one trip."""
        now = self._now() or ms(time.time())  # for a count the worker's own clock will do
        due, dead = self._all("due"), self._all("dlq")
        commands: list[Command] = [("ZCARD", key) for key in due]
        commands += [("ZCOUNT", key, "-inf", now) for key in due]
        commands += [("XLEN", key) for key in dead]
        counts = await self.link.many(commands)
        size = self.partitions
        return Backlog(sum(counts[:size]), sum(counts[size : 2 * size]), sum(counts[2 * size :]))

    async def consent_record(self, address: Address) -> ConsentRecord | None:
        """Consent with its history's last line; None for a customer who never said anything."""
        state, at, by = await self.link.call("HMGET", self.keys.consent(address), "s", "at", "by")
        if state is None:
            return None
        return ConsentRecord("opted_out" if state == b"opted_out" else "opted_in", seconds(at), by.decode())

    async def sessions_of(self, address: Address) -> dict[str, Address]:
        """Ids of a customer's sessions that are still listed, and where each lives."""
        stored = await self.link.call("HGETALL", self.keys.of(address.partition, "sum"))
        found = {}
        for session_id, value in _pairs(stored):
            customer = value.partition(b"\n")[0].decode()
            if customer.partition("~")[0] == address.main.customer:
                found[session_id.decode()] = Address(address.partition, customer)
        return found

    async def erase(self, address: Address, *, number: str, forget_opt_out: bool = False) -> int:
        """Remove all that is stored of a customer, but for the mark of an opt-out; the number of its
        sessions. Repeating it is harmless. `number` finds its refusals, which hold it.
        """
        sessions = await self.sessions_of(address)
        places = {address.main.customer, *(place.customer for place in sessions.values())}
        partition, of = address.partition, self.keys.of
        lines, due, refused, seen = await self.link.many(
            [
                ("XRANGE", of(partition, "log"), "-", "+"),
                ("ZRANGE", of(partition, "due"), 0, -1),
                ("ZRANGE", of(partition, "refused"), 0, -1),
                ("ZRANGE", self.keys.customer(address.main)[2], 0, -1),
            ]
        )
        await self.pass_over([event_id.decode() for event_id in seen])
        theirs = [line[0] for line in lines if _pairs_of(line[1]).get(b"session", b"").decode() in sessions]
        members = [member for member in due if member.decode().split(":")[1] in places]
        texts = [text for text in refused if number.encode() in text]
        commands: list[Command] = [
            *(("DEL", key) for place in sorted(places) for key in self._data(Address(partition, place))),
            ("DEL", self.keys.made(address)),
            ("HDEL", self.keys.consents(partition), address.main.customer),
            ("DEL", self.keys.half(address.main)),
            ("HDEL", self.keys.consent(address), "p", "pt"),  # what waited is gone with the inbox
            *self._listed(partition, sessions),
            *_each("XDEL", of(partition, "log"), theirs),
            *_each("ZREM", of(partition, "due"), members),
            *_each("ZREM", of(partition, "refused"), texts),
        ]
        if forget_opt_out:
            commands.append(("DEL", self.keys.consent(address)))
        await self.link.many(commands)
        return len(sessions)

    def _all(self, name: str) -> list[str]:
        return [self.keys.of(partition, name) for partition in range(self.partitions)]

    def _data(self, address: Address) -> list[str]:
        return self.keys.customer(address)[:4]

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


def _each(command: str, key: str, members: Sequence[Any]) -> list[Command]:
    return [(command, key, *members)] if members else []


def _pairs(stored: Any) -> list[tuple[bytes, bytes]]:
    """A hash as redis-py gives it: a mapping, or flat."""
    if isinstance(stored, dict):
        return list(stored.items())
    return list(zip(stored[::2], stored[1::2], strict=True))


def _pairs_of(fields: Any) -> dict[bytes, bytes]:
    return dict(_pairs(fields))


def _letter(partition: int, entry: Any) -> DeadLetter:
    fields = _pairs_of(entry[1])
    address = Address(partition, fields[b"customer"].decode())
    event = inboxed(fields[b"event"])
    return DeadLetter(entry[0].decode(), address, event, fields[b"reason"].decode(), seconds(fields[b"at"]))
