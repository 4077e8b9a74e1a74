"""What operators need: dead letters, the backlog, and the record of a consent; erasing is `erasing`'s."""

from __future__ import annotations

import time
from typing import Any

from orchestrator.ports.operators import Backlog, ConsentRecord, DeadLetter
from orchestrator.ports.records import Address
from orchestrator.store.consents import ConsentStore
from orchestrator.store.erasing import Erasing, pairs
from orchestrator.store.packing import inboxed, ms, seconds
from orchestrator.store.senders import Command
from orchestrator.store.sendings import SendingStore


class Operators(Erasing, SendingStore, ConsentStore):
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

    def _all(self, name: str) -> list[str]:
        return [self.keys.of(partition, name) for partition in range(self.partitions)]


def _letter(partition: int, entry: Any) -> DeadLetter:
    fields = dict(pairs(entry[1]))
    address = Address(partition, fields[b"customer"].decode())
    event = inboxed(fields[b"event"])
    return DeadLetter(entry[0].decode(), address, event, fields[b"reason"].decode(), seconds(fields[b"at"]))
