"""From an address to a store: `redis://`, `rediss://`, `unix://`, `redis+sentinel://`,
`redis+cluster://` (with `rediss+` for TLS) and `memory://`.

    redis://user:password@host:6379/0
    redis+sentinel://user:password@host:26379,host:26379/master-name/0
    redis+cluster://user:password@host:6379,host:6379

Nothing is connected here: the first call does. redis-py alone takes 3 to 9 seconds to say that a
server is down; the limits below keep a call within two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from orchestrator.store.base import Lifetimes
from orchestrator.store.keys import SERVER_PARTITIONS, Keys
from orchestrator.store.link import Link
from orchestrator.store.memory import memory_store
from orchestrator.store.redis import RedisStore
from orchestrator.store.senders import ClusterSender, NodeSender, Sender

CONNECT_TIMEOUT = 0.5  # seconds; the server stands in the same network
ANSWER_TIMEOUT = 1.5  # seconds; a WAIT takes up to one of them
TRIES_AGAIN = 3
LONGEST_PAUSE = 0.5  # seconds between two tries
SENTINEL_PORT = 26379
REDIS_PORT = 6379


def connect(
    url: str,
    *,
    hash_key: bytes = b"",
    lifetimes: Lifetimes | None = None,
    clock: Callable[[], float] | None = None,
    wait_replicas: int = 0,
    partitions: int = SERVER_PARTITIONS,
) -> RedisStore:
    """The store at `url`. A ValueError says what is wrong with the address, never its password."""
    if url.startswith("memory://"):
        spans = lifetimes or Lifetimes()
        return memory_store(clock=clock, hash_key=hash_key or b"embedded", lifetimes=spans)
    if not hash_key:
        raise ValueError("service.hash_key is required with a Redis server")
    link = Link(_sender(url, wait_replicas))
    return RedisStore(link, Keys(hash_key, partitions), lifetimes=lifetimes, clock=clock)


def _sender(url: str, wait_replicas: int) -> Sender:
    try:
        parts = urlsplit(url)
        if parts.scheme == "unix":  # no keepalive there: nothing stands between
            return NodeSender(Redis.from_url(url, **_limits()), wait_replicas)
        if parts.scheme in {"redis", "rediss"}:
            return NodeSender(Redis.from_url(url, socket_keepalive=True, **_limits()), wait_replicas)
        if parts.scheme in {"redis+sentinel", "rediss+sentinel"}:
            return _sentinel(parts, wait_replicas)
        if parts.scheme in {"redis+cluster", "rediss+cluster"}:
            return ClusterSender(_cluster(parts), wait_replicas)
    except (ValueError, RedisError) as error:
        raise ValueError(f"service.redis_url cannot be read: {type(error).__name__}") from None
    known = "redis, rediss, unix, redis+sentinel, redis+cluster, memory"
    raise ValueError(f"service.redis_url begins with {parts.scheme!r}; one of {known} was expected")


def _limits() -> dict[str, Any]:
    return {
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "socket_timeout": ANSWER_TIMEOUT,
        "health_check_interval": 30,
        "retry": Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=0.05), TRIES_AGAIN),
    }


def _sentinel(parts: SplitResult, wait_replicas: int) -> NodeSender:
    path = parts.path.strip("/").split("/")
    if not path[0]:
        raise ValueError("no master name")
    database = int(path[1]) if len(path) > 1 else 0
    watchers = _tls(parts) | {"socket_connect_timeout": CONNECT_TIMEOUT, "socket_timeout": CONNECT_TIMEOUT}
    sentinel = Sentinel(_hosts(parts, SENTINEL_PORT), sentinel_kwargs=watchers)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
    options = _limits() | {"socket_keepalive": True} | _tls(parts) | _login(parts)
    master = sentinel.master_for(path[0], db=database, **options)
    return NodeSender(master, wait_replicas, beside=sentinel.sentinels)


def _cluster(parts: SplitResult) -> RedisCluster:
    nodes = [ClusterNode(host, port) for host, port in _hosts(parts, REDIS_PORT)]
    once = Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=0.05), 1)  # the sender looks again itself
    options = _limits() | {"socket_keepalive": True} | _tls(parts) | _login(parts) | {"retry": once}
    return RedisCluster(startup_nodes=nodes, **options)


def _tls(parts: SplitResult) -> dict[str, Any]:
    return {"ssl": True} if parts.scheme.startswith("rediss") else {}


def _hosts(parts: SplitResult, default_port: int) -> list[tuple[str, int]]:
    hosts = []
    for part in parts.netloc.rpartition("@")[2].split(","):
        one = urlsplit(f"//{part}")
        if not one.hostname:
            raise ValueError("no host")
        hosts.append((one.hostname, one.port or default_port))
    return hosts


def _login(parts: SplitResult) -> dict[str, Any]:
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    named = {"username": unquote(user), "password": unquote(password)}
    return {name: value for name, value in named.items() if value}
