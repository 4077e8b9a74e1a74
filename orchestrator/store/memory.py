"""The embedded store, `memory://`: the same scripts on fakeredis, in this process, gone with it."""

from __future__ import annotations

from collections.abc import Callable

from fakeredis import FakeAsyncRedis, FakeServer

from orchestrator.store.base import Lifetimes
from orchestrator.store.keys import DAY, EMBEDDED_PARTITIONS, INBOX_BOUND, Keys
from orchestrator.store.link import Link
from orchestrator.store.redis import RedisStore
from orchestrator.store.senders import NodeSender


def memory_store(
    *,
    clock: Callable[[], float] | None = None,
    hash_key: bytes = b"embedded",
    retention: float = 7 * DAY,
    lease: float = 15.0,
    visibility: float = 12.0,
    inbox: int = INBOX_BOUND,
    lifetimes: Lifetimes | None = None,
    partitions: int = EMBEDDED_PARTITIONS,
    server: FakeServer | None = None,
) -> RedisStore:
    """A store in this process. `clock` gives Unix seconds (virtual time in tests); stores on the same
    `server` share their data, as two workers on one Redis do. `lifetimes` stands for the four before it.
    """
    client = FakeAsyncRedis(server=server or FakeServer())
    spans = lifetimes or Lifetimes(retention=retention, lease=lease, visibility=visibility, inbox=inbox)
    return RedisStore(Link(NodeSender(client)), Keys(hash_key, partitions), lifetimes=spans, clock=clock)
