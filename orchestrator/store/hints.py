"""Hints between processes: something was committed for a customer, look now rather than in a second.

A hint may be lost, and changes nothing. A cluster gives none: there, sockets look once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError

from orchestrator.core.errors import TandemError
from orchestrator.ports.records import Address
from orchestrator.store.base import Base

PATIENCE = 1.0
"""Seconds of one read, and before another try where the server is away."""

Heard = Callable[[Address], None]


class Hints(Base):
    """Publishes and hears hints on a channel for each partition."""

    _pubsub: Any = None
    _reader: asyncio.Task[None] | None = None
    _watched: frozenset[str] = frozenset()

    async def hint(self, address: Address) -> None:
        """Tell the others that this customer's session changed. A failure is no failure."""
        if self.link.subscription is not None:
            with contextlib.suppress(TandemError):
                await self.link.call("PUBLISH", self._channel(address.partition), address.customer)

    async def watch(self, partition: int, heard: Heard) -> None:
        """From now on `heard` is called for every hint of this partition."""
        channel = self._channel(partition)
        if channel in self._watched or self.link.subscription is None:
            return
        self._watched |= {channel}
        if self._pubsub is None:
            self._pubsub = self.link.subscription()
        try:
            await self._pubsub.subscribe(channel)
        except (RedisError, OSError):
            self._watched -= {channel}
            return
        if self._reader is None:
            self._reader = asyncio.get_running_loop().create_task(self._read(heard), name="hints")

    async def deafen(self) -> None:
        """Hear nothing more."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._pubsub is not None:
            await self._pubsub.aclose()

    async def _read(self, heard: Heard) -> None:
        while True:
            try:
                message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=PATIENCE)
            except (RedisError, OSError):
                await asyncio.sleep(PATIENCE)  # redis-py connects and subscribes again at the next read
                continue
            if message is not None:
                heard(self.keys.located(message["data"].decode()))

    def _channel(self, partition: int) -> str:
        return self.keys.of(partition, "hint")
