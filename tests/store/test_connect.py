"""Addresses, the first start, and servers that go away: one node, Sentinel and a cluster, all real."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Commit, Committed, Duplicate, Grant, Inboxed
from orchestrator.store.connect import connect
from orchestrator.store.keys import Keys
from orchestrator.store.redis import RedisStore, SchemaMismatchError
from tests.servers import Server, free_port, redis_server

pytestmark = pytest.mark.anyio

KEY = b"test key"
SLOTS = 16_384


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://host", "'http'"),
        ("redis+sentinel://host:1", "ValueError"),
        ("redis+cluster://:hunter2@", "ValueError"),
        ("redis+cluster://u:hunter2@host:notaport", "ValueError"),
    ],
)
async def test_a_bad_address_is_told_without_its_password(url: str, word: str) -> None:
    """The error names the setting and what is wrong, never the password."""
    with pytest.raises(ValueError, match=word) as told:
        connect(url, hash_key=KEY)
    assert "hunter2" not in str(told.value)
    assert "service.redis_url" in str(told.value)


async def test_a_server_needs_a_hash_key() -> None:
    """Without a hash key only the embedded store starts."""
    with pytest.raises(ValueError, match="hash_key"):
        connect("redis://localhost")
    store = connect("memory://")
    await store.start()
    assert store.partitions == 8
    await store.close()


async def test_keys_never_hold_a_number() -> None:
    """A customer's key is a keyed hash, the same each time, another with another key or assistant."""
    keys = Keys(KEY, 256)
    address = keys.address("support", "+15550101234")
    assert address == keys.address("support", "+15550101234")
    assert len(address.customer) == 32
    assert address.customer != keys.address("sales", "+15550101234").customer
    assert address.customer != Keys(b"other", 256).address("support", "+15550101234").customer
    assert keys.located(f"{address.customer}~CA1") == address.beside("CA1")
    assert all("5550101234" not in key for key in keys.customer(address))


async def test_the_first_start_fixes_partitions_and_hash_key(tmp_path: Path) -> None:
    """A later start with another number of partitions or another key is refused, and says what to do."""
    with redis_server(tmp_path) as server:
        first = connect(server.url, hash_key=KEY)
        await first.start()
        await first.start()
        for other, word in (
            (connect(server.url, hash_key=KEY, partitions=8), "256 partitions, not 8"),
            (connect(server.url, hash_key=b"other"), "hash_key"),
        ):
            with pytest.raises(SchemaMismatchError, match=word):
                await other.start()
            await other.close()
        await first.close()


async def timed(call: Callable[[], object]) -> float:
    """Seconds until a call told that the store is away."""
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await call()  # type: ignore[misc]  # every store method is a coroutine
    return time.monotonic() - began


async def test_a_killed_server_is_told_soon_and_loses_nothing(tmp_path: Path) -> None:
    """Within 2.5 s, then within milliseconds; after its return the accepted event is there."""
    with redis_server(tmp_path) as server:
        store = connect(server.url, hash_key=KEY)
        address = store.address("support", "+15550101234")
        assert isinstance(await store.accept(address, Inboxed("SM1", "x"), "T1"), Grant)
        server.kill()
        for _ in range(3):
            assert await timed(store.ping) < 2.5
        assert await timed(store.ping) < 0.1
        server.start()
        await _until_up(store)
        assert await store.accept(address, Inboxed("SM1", "x"), "T2") == Duplicate()
        await store.close()


async def test_a_server_that_takes_no_writes_is_told(tmp_path: Path) -> None:
    """Full, short of replicas or read only, it answers and is of no use; what the question leaves there expires."""
    troubles = [
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
        (("CONFIG", "SET", "min-replicas-to-write", "1"), ("CONFIG", "SET", "min-replicas-to-write", "0")),
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    ]
    with redis_server(tmp_path) as server, server.client() as client:
        store = connect(server.url, hash_key=KEY)
        for trouble, mended in troubles:
            client.execute_command(*trouble)
            with pytest.raises(StoreUnavailable):
                await store.ping()
            client.execute_command(*mended)
            await store.ping()
        assert 0 < int(str(client.pttl("tandem:ready"))) <= 60_000
        await store.close()


async def test_a_frozen_server_is_told_within_the_budget(tmp_path: Path) -> None:
    """A server that takes the connection and says nothing is given up after two seconds."""
    with redis_server(tmp_path) as server:
        store = connect(server.url, hash_key=KEY)
        await store.ping()
        assert server.process_id
        os.kill(server.process_id, signal.SIGSTOP)
        try:
            assert await timed(store.ping) < 2.5
        finally:
            os.kill(server.process_id, signal.SIGCONT)
        await _until_up(store)
        await store.close()


async def test_without_enough_replicas_nothing_is_acknowledged(tmp_path: Path) -> None:
    """With `wait_replicas`, a write that no replica holds is unavailable, not acknowledged."""
    with redis_server(tmp_path / "a", port=free_port()) as master:
        store = connect(master.url, hash_key=KEY, wait_replicas=1)
        address = store.address("support", "+15550101234")
        careless = connect(master.url, hash_key=KEY)  # so that the script is known
        await careless.accept(address, Inboxed("SM0", "x"))
        await careless.close()
        assert await timed(lambda: store.accept(address, Inboxed("SM1", "x"))) < 2.5
        with redis_server(
            tmp_path / "b", "--replicaof", "127.0.0.1", str(master.port), port=free_port()
        ) as replica:
            with replica.client() as client:
                await _until(lambda: client.info("replication")["master_link_status"] == "up")
            assert await store.accept(address, Inboxed("SM1", "x")) == Duplicate()
        await store.close()


@contextmanager
def cluster(folder: Path) -> Iterator[list[Server]]:
    """Three masters that share the slots."""
    with ExitStack() as stack:
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1500")
        servers = [
            stack.enter_context(redis_server(folder / str(n), *options, port=free_port())) for n in range(3)
        ]
        for n, server in enumerate(servers):
            with server.client() as client:
                slots = range(n * SLOTS // 3, (n + 1) * SLOTS // 3)
                client.execute_command("CLUSTER", "ADDSLOTS", *slots)
                client.execute_command("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
        yield servers


async def test_a_cluster_serves_every_partition(tmp_path: Path) -> None:
    """The same scripts serve a first burst over all partitions of a three-node cluster."""
    with cluster(tmp_path) as servers:
        for server in servers:
            await _until(lambda server=server: _cluster_state(server) == "ok")  # type: ignore[misc]  # a default binds it
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
        store = connect(f"redis+cluster://{hosts}", hash_key=KEY)
        await store.start()
        await asyncio.gather(*(_one_turn(store, f"+1555{n:07}") for n in range(200)))
        assert len({store.address("support", f"+1555{n:07}").partition for n in range(200)}) > 100
        assert (await store.sessions())[0] == []
        assert all([await store.poll(partition) == [] for partition in range(0, 256, 16)])
        await store.close()


async def test_sentinel_leads_to_the_new_master(tmp_path: Path) -> None:
    """After the master's death the store goes on with the replica, by the same address."""
    with ExitStack() as stack:
        master = stack.enter_context(redis_server(tmp_path / "m", port=free_port()))
        link = ("--replicaof", "127.0.0.1", str(master.port))
        replica = stack.enter_context(redis_server(tmp_path / "r", *link, port=free_port()))
        with replica.client() as client:
            await _until(lambda: client.info("replication")["master_link_status"] == "up")
        sentinel = stack.enter_context(_sentinel(tmp_path / "s", master.port))
        with sentinel.client() as client:
            await _until(lambda: _state(client)["num-slaves"] == 1)
        store = connect(f"redis+sentinel://127.0.0.1:{sentinel.port}/main/0", hash_key=KEY, wait_replicas=0)
        address = store.address("support", "+15550101234")
        assert isinstance(await store.accept(address, Inboxed("SM1", "x"), "T1"), Grant)
        with master.client() as client:
            assert client.execute_command("WAIT", 1, 2000) == 1
        master.kill()
        await _until_up(store)
        assert await store.accept(address, Inboxed("SM1", "x"), "T2") == Duplicate()
        await store.close()


@contextmanager
def _sentinel(folder: Path, master: int) -> Iterator[Server]:
    folder.mkdir()
    config = folder / "sentinel.conf"
    config.write_text(
        f"sentinel monitor main 127.0.0.1 {master} 1\n"
        "sentinel down-after-milliseconds main 500\n"
        "sentinel failover-timeout main 3000\n"
    )
    server = Server(folder, str(config), "--sentinel", port=free_port())
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _cluster_state(server: Server) -> str:
    with server.client() as client:
        info: Any = client.execute_command("CLUSTER INFO")
        return str(info["cluster_state"])


def _state(client: redis.Redis) -> dict[str, Any]:
    masters: Any = client.sentinel_masters()
    return dict(masters["main"])


async def _one_turn(store: RedisStore, number: str) -> None:
    address = store.address("support", number)
    grant = await store.accept(address, Inboxed("SM1", number), number)
    assert isinstance(grant, Grant)
    assert grant.inbox[0].payload == number
    done = await store.commit(grant, 0, Commit(document=number, consumed=1))
    assert isinstance(done, Committed)


async def _until(fact: Callable[[], bool]) -> None:
    """Wait for a server's own doing; the test's time-out ends it otherwise."""
    while not fact():  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.05)


async def _until_up(store: RedisStore) -> None:
    while True:
        try:
            await store.ping()
        except StoreUnavailable:
            await asyncio.sleep(0.05)
        else:
            return
