"""A node that was the master once: it is left, and what it could not do is done by the new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ReadOnlyError, ResponseError

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Inboxed, Queued
from orchestrator.store.connect import connect
from orchestrator.store.senders import NodeSender
from tests.servers import free_port, redis_server

NO_REPLICA = ResponseError("WAIT cannot be used with replica instances.")


class Client:
    """A client whose connections lead to one node after the other, each with its answers."""

    def __init__(self, *nodes: Sequence[Any]) -> None:
        self.connection_pool = self
        self.sent: list[list[tuple[Any, ...]]] = []
        self._nodes = list(nodes)
        self._commands: list[tuple[Any, ...]] = []

    def pipeline(self, *, transaction: bool) -> Client:
        """Itself."""
        assert not transaction
        self._commands = []
        return self

    def execute_command(self, *command: Any) -> None:
        """One more command."""
        self._commands.append(command)

    async def execute(self, *, raise_on_error: bool) -> list[Any]:
        """What the present node answers."""
        self.sent.append(self._commands)
        return list(self._nodes[0])

    async def disconnect(self, *, inuse_connections: bool) -> None:
        """The next connection leads to the next node."""
        del self._nodes[0]


@pytest.mark.anyio
async def test_a_demoted_master_is_left() -> None:
    """A write that a replica refuses is made again on the node that a new connection leads to."""
    client = Client([ReadOnlyError("READONLY You can't write"), NO_REPLICA], ["done", 1])
    assert await NodeSender(client, 1).send([("SET", "a", 1)]) == ["done"]
    assert len(client.sent) == 2


@pytest.mark.anyio
async def test_reads_alone_show_a_demoted_master_by_its_wait() -> None:
    """Reads succeed on a replica; that it refuses WAIT is enough to leave it."""
    client = Client(["old", NO_REPLICA], ["new", 1])
    assert await NodeSender(client, 1).send([("GET", "a")]) == ["new"]


@pytest.mark.anyio
async def test_a_master_without_replicas_is_left_under_sentinel() -> None:
    """What no replica holds is not acknowledged, and Sentinel is asked again before the next command."""
    client = Client(["alone", 0], ["done", 1])
    sender = NodeSender(client, 1, beside=[object()])
    with pytest.raises(StoreUnavailable):
        await sender.send([("SET", "a", 1)])
    assert await sender.send([("SET", "a", 1)]) == ["done"]


@pytest.mark.anyio
async def test_a_replica_is_a_store_that_is_away(tmp_path: Path) -> None:
    """A real server that is made a replica refuses by `StoreUnavailable`, and serves again as master."""
    with redis_server(tmp_path / "redis", port=free_port()) as server:
        store = connect(server.url, hash_key=b"k")
        await store.start()
        address = store.address("support", "+15550101234")
        with server.client() as client:
            client.replicaof("127.0.0.1", str(free_port()))
            with pytest.raises(StoreUnavailable):
                await store.accept(address, Inboxed("one", "1"))
            client.replicaof("NO", "ONE")
        assert await store.accept(address, Inboxed("one", "1")) == Queued()
        await store.close()
