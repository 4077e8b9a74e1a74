"""Hints between processes: something was committed for a customer, look now rather than in a second; and
words that another process may say ahead of their commit.

A hint may be lost, and changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from redis.exceptions import RedisError

from orchestrator.core.errors import TandemError
from orchestrator.ports.records import Address
from orchestrator.store.base import Base
from orchestrator.store.listening import Listener

Heard = Callable[[Address, str], None]


class Hints(Base):
    """Publishes and hears hints on a channel for each partition."""

    _listener: Listener | None = None
    _reader: asyncio.Task[None] | None = None
    _watched: frozenset[str] = frozenset()

    async def hint(self, address: Address, words: str = "") -> None:
        """Tell the others that this customer's session changed, or these `words`. A failure is no failure."""
        told = f"{address.customer} {words}" if words else address.customer
        with contextlib.suppress(TandemError):
            await self.link.publish(self._channel(address.partition), told)

    async def watch(self, partition: int, heard: Heard) -> None:
        """From now on `heard` is called for every hint of this partition."""
        channel = self._channel(partition)
        if channel in self._watched:
            return
        self._watched |= {channel}
        if self._listener is None:
            self._listener = self.link.listener()
        try:
            await self._listener.add(channel)
        except (RedisError, OSError):
            self._watched -= {channel}
            return
        if self._reader is None:
            work = self._listener.run(lambda data: self._tell(heard, data))
            self._reader = asyncio.get_running_loop().create_task(work, name="hints")

    async def deafen(self) -> None:
        """Hear nothing more."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._listener is not None:
            await self._listener.close()

    def _tell(self, heard: Heard, data: bytes) -> None:
        customer, _, words = data.decode("utf-8", "replace").partition(" ")
        heard(self.keys.located(customer), words)

    def _channel(self, partition: int) -> str:
        return self.keys.of(partition, "hint")
