"""Connections that listen to channels: one to a node, or one to each master of a cluster.

A cluster keeps a channel in the shard of its key (`SSUBSCRIBE`, Redis 7 and later). redis-py would ask
its masters for messages one after the other, each for a while; here each of them is listened to at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from redis.exceptions import RedisError

PATIENCE = 1.0
"""Seconds of one read, and before another try where the server is away."""

Received = Callable[[bytes], None]


class Listener(Protocol):
    """Hears messages."""

    async def add(self, channel: str) -> None:
        """Hear this channel as well. Raises redis-py's errors, or `OSError`."""
        ...

    async def run(self, received: Received) -> None:
        """Tell of every message, for ever."""
        ...

    async def close(self) -> None:
        """Drop the connections."""
        ...


class NodeListener:
    """A connection to one node."""

    def __init__(self, client: Any) -> None:
        self._pubsub = client.pubsub()

    async def add(self, channel: str) -> None:
        """As `Listener`."""
        await self._pubsub.subscribe(channel)

    async def run(self, received: Received) -> None:
        """As `Listener`."""
        await _read(
            lambda: self._pubsub.get_message(ignore_subscribe_messages=True, timeout=PATIENCE), received
        )

    async def close(self) -> None:
        """As `Listener`."""
        await self._pubsub.aclose()


class ClusterListener:
    """A connection to each master that has one of the channels. When slots move, redis-py moves the
    channels with them.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._pubsub: Any = None
        self._readers: dict[str, asyncio.Task[None]] = {}
        self._more = asyncio.Event()

    async def add(self, channel: str) -> None:
        """As `Listener`."""
        await self._client.initialize()
        if self._pubsub is None:
            self._pubsub = self._client.pubsub()
        await self._pubsub.ssubscribe(channel)
        self._more.set()

    async def run(self, received: Received) -> None:
        """As `Listener`. Masters come and go: they are looked through when a channel is added, and anyway."""
        try:
            while True:
                self._more.clear()
                self._attend(received)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), PATIENCE)
        finally:
            for task in self._readers.values():
                task.cancel()
            await asyncio.gather(*self._readers.values(), return_exceptions=True)

    def _attend(self, received: Received) -> None:
        """Read at every master that has a channel, and at no other."""
        found = self._pubsub.node_pubsub_mapping if self._pubsub is not None else {}
        names = {name for name, pubsub in found.items() if pubsub.connection is not None}
        for name in self._readers.keys() - names:
            self._readers.pop(name).cancel()
        for name in names - self._readers.keys():
            task = asyncio.get_running_loop().create_task(self._listen(name, received), name="hints")
            self._readers[name] = task

    async def _listen(self, name: str, received: Received) -> None:
        async def read() -> Any:
            node = self._client.get_node(node_name=name)
            if node is None:
                await asyncio.sleep(PATIENCE)
                return None
            return await self._pubsub.get_sharded_message(
                ignore_subscribe_messages=True, timeout=PATIENCE, target_node=node
            )

        await _read(read, received, mend=self._learn)

    async def _learn(self) -> None:
        """A master that cannot be reached may be replaced: redis-py moves its channels when it learns so."""
        with contextlib.suppress(RedisError, OSError):
            await self._client.nodes_manager.initialize()

    async def close(self) -> None:
        """As `Listener`."""
        if self._pubsub is not None:
            await self._pubsub.aclose()


async def _nothing() -> None:
    """Nothing to mend."""


async def _read(
    read: Callable[[], Awaitable[Any]], received: Received, mend: Callable[[], Awaitable[None]] = _nothing
) -> None:
    """Read for ever; redis-py connects and subscribes again at the next read after an error."""
    while True:
        try:
            message = await read()
        except (RedisError, OSError, RuntimeError):  # RuntimeError: redis-py's word for a closed one
            await asyncio.sleep(PATIENCE)
            await mend()
            continue
        if message is not None and message["type"] in {"message", "smessage"}:
            received(message["data"])
