"""Slots: what may happen once in a while over all processes. Time is the server's own here."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fakeredis import FakeServer

from orchestrator.store import RedisStore, memory_store
from orchestrator.store.connect import connect
from tests.servers import Server
from tests.store.conftest import Bench

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["fake", "real"])
async def two(request: pytest.FixtureRequest) -> AsyncIterator[tuple[RedisStore, RedisStore]]:
    """One Redis as two processes see it."""
    if request.param == "fake":
        shared = FakeServer()
        stores = memory_store(server=shared), memory_store(server=shared)
    else:
        server: Server = request.getfixturevalue("redis_socket")
        stores = tuple(connect(server.url, hash_key=b"test key", partitions=8) for _ in range(2))  # type: ignore[assignment] # two of them
    yield stores
    for store in stores:
        await store.close()


async def test_a_slot_is_taken_once(two: tuple[RedisStore, RedisStore]) -> None:
    """The second process learns how long it has to wait; another name has a slot of its own."""
    first, second = two
    assert await first.take_slot("a", 30.0) == 0.0
    assert 29.0 < await second.take_slot("a", 30.0) <= 30.0
    assert 29.0 < await first.take_slot("a", 30.0) <= 30.0
    assert await second.take_slot("b", 30.0) == 0.0


async def test_a_slot_is_free_again(two: tuple[RedisStore, RedisStore]) -> None:
    """When its time is over anybody may take it, and nothing stays of it."""
    first, second = two
    assert await first.take_slot("c", 0.0) == 0.0  # for a millisecond, the least
    key = first.keys.slot("c")
    while await first.link.call("EXISTS", key):
        pass
    assert await second.take_slot("c", 30.0) == 0.0


async def test_virtual_time_has_no_slots(bench: Bench) -> None:
    """By a clock of its own a store cannot tell when the server's slots end: its one process keeps its pace."""
    assert [await bench.store.take_slot("d", 30.0) for _ in range(2)] == [0.0, 0.0]
