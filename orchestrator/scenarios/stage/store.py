"""The store of a play: the service's own scripts on fakeredis, or on a real Redis, in virtual time, with faults
on request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from fakeredis import FakeAsyncRedis, FakeRedis, FakeServer
from redis.exceptions import ConnectionError as RedisConnectionError

from orchestrator.core.events import RETRY_TEXT
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.real import Real
from orchestrator.store.base import Lifetimes
from orchestrator.store.breaker import Breaker
from orchestrator.store.keys import Keys
from orchestrator.store.link import Link
from orchestrator.store.redis import RedisStore
from orchestrator.store.senders import Command, NodeSender

PARTITIONS = 1
"""One is enough for a few people, and costs one look for what is due."""
HASH_KEY = b"a play"
AGAIN = 1.0
"""Seconds until a store that is away is looked at again, as the service does."""


class Server:
    """The Redis of a play, shared by all its workers. `down_until` is when it is back after an outage."""

    def __init__(self, clock: VirtualClock, redis_url: str = "") -> None:
        self.clock = clock
        self.down_until = 0.0
        self._fake = FakeServer()
        self._real = Real(redis_url) if redis_url else None
        self._keys = Keys(HASH_KEY, PARTITIONS)
        self._peek = self._real.client if self._real else FakeRedis(server=self._fake)

    @property
    def is_down(self) -> bool:
        """Whether nobody reaches it now."""
        return self.clock.now() < self.down_until

    def connect(self, retention: float) -> tuple[RedisStore, Wire]:
        """A worker's own way to it."""
        wire = Wire(self, FakeAsyncRedis(server=self._fake), self._real)
        link = Link(wire, breaker=Breaker(monotonic=self.clock.now))
        lifetimes = Lifetimes(retention=retention)
        return RedisStore(link, self._keys, lifetimes=lifetimes, clock=self.clock.now), wire

    def close(self) -> None:
        """The play is over."""
        if self._real is not None:
            self._real.close()

    def next_due(self) -> float | None:
        """When something is to be looked at next, Unix seconds."""
        first: list[Any] = [
            entry
            for partition in range(PARTITIONS)
            for entry in self._peek.zrange(Keys.of(partition, "due"), 0, 0, withscores=True)
        ]
        return min(float(score) for _, score in first) / 1000 if first else None

    def waiting(self) -> list[str]:
        """What is to be looked at, ever: `i:`, `o:` and `t:` as the store names them."""
        members: list[Any] = [
            member
            for partition in range(PARTITIONS)
            for member in self._peek.zrange(Keys.of(partition, "due"), 0, -1)
        ]
        return [member.decode() for member in members]

    def dead_letters(self) -> int:
        """How many events were given up; a text that failed, which an operator may send again, is none."""
        streams: list[Any] = [self._peek.xrange(Keys.of(each, "dlq")) for each in range(PARTITIONS)]
        letters = [fields for stream in streams for _, fields in stream]
        return sum(RETRY_TEXT.encode() not in fields[b"event"] for fields in letters)


class Wire(NodeSender):
    """One worker's way to the server; `cut` makes it the way of a process that is dead."""

    def __init__(self, server: Server, client: Any, real: Real | None = None) -> None:
        super().__init__(client)
        self._server = server
        self._real = real
        self._dead: asyncio.Event | None = None

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """As `NodeSender`, unless the server is down; nothing comes back to the dead."""
        if self._dead is not None:
            await self._dead.wait()
            raise RedisConnectionError("the play is over")
        if self._server.is_down:
            raise RedisConnectionError("the play has the store away")
        if self._real is None:
            return await super().send(commands)
        hints = [command for command in commands if command[0] == self.publish]
        told = iter(await super().send(hints) if hints else ())
        answers = iter(self._real.send([command for command in commands if command[0] != self.publish]))
        return [next(told if command[0] == self.publish else answers) for command in commands]

    def cut(self) -> None:
        """The worker is dead: what it asks for from now on is never done."""
        self._dead = asyncio.Event()

    def end(self) -> None:
        """The play is over: the dead need not wait any more."""
        if self._dead is not None:
            self._dead.set()
