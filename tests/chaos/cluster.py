"""Debian's Redis 7 on loopback: a cluster of three primaries with a replica each, and a pair under Sentinel."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.blackbox.driver import until
from tests.servers import free_port

REDIS = "/usr/bin/redis-server"
REDIS_CLI = "/usr/bin/redis-cli"
NODE_TIMEOUT = 1500  # ms until a cluster calls a node gone
DOWN_AFTER = 1000  # ms until a Sentinel does
UP_LIMIT = 20  # seconds


class Node:
    """One redis-server process on a port of its own, kept in an append-only file."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self._folder = folder / str(self.port)
        self._folder.mkdir()
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, or start again with what is on disk."""
        command = [REDIS, "--port", str(self.port), "--dir", str(self._folder), "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "always", *self._options]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until(self._answers, UP_LIMIT)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def role(self) -> str:
        """`master`, `slave`, or nothing while it is away."""
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return str(client.info("replication")["role"])
        return ""

    def client(self) -> redis.Redis:
        """A plain client, which does not try again."""
        return redis.Redis(port=self.port, socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False


def cli(*arguments: str) -> str:
    """`redis-cli --cluster ...`, which must succeed."""
    command = [REDIS_CLI, "--cluster", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[list[Node]]:
    """Six nodes: three primaries first, then their replicas."""
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT))
    nodes: list[Node] = []
    try:
        nodes += [Node(folder, *options) for _ in range(6)]
        hosts = [f"127.0.0.1:{node.port}" for node in nodes]
        cli("create", *hosts, "--cluster-replicas", "1", "--cluster-yes")
        until(lambda: all(_is_whole(node) for node in nodes), UP_LIMIT)
        yield nodes
    finally:
        for node in nodes:
            node.kill()


def _is_whole(node: Node) -> bool:
    with node.client() as client:
        state = client.execute_command("CLUSTER INFO")
        replication = client.info("replication")
    linked = replication.get("connected_slaves") == 1 or replication.get("master_link_status") == "up"
    return linked and "ok" in str(state)


def cluster_client(nodes: list[Node]) -> redis.RedisCluster:
    """A client of the cluster."""
    return redis.RedisCluster(host="127.0.0.1", port=nodes[0].port)


def move_slots(source: Node, target: Node, count: int) -> float:
    """Move slots while others work; the seconds that it took."""
    with source.client() as client:
        from_id = str(client.execute_command("CLUSTER MYID").decode())
    with target.client() as client:
        to_id = str(client.execute_command("CLUSTER MYID").decode())
    start = time.monotonic()
    where = ("--cluster-from", from_id, "--cluster-to", to_id, "--cluster-slots", str(count))
    cli("reshard", f"127.0.0.1:{source.port}", *where, "--cluster-yes")
    return time.monotonic() - start


@contextlib.contextmanager
def watched_pair(folder: Path) -> Iterator[tuple[list[Node], list[int]]]:
    """A master and its replica, and the ports of three Sentinels that watch them as `main`."""
    nodes: list[Node] = []
    watchers: list[_Sentinel] = []
    try:
        master = Node(folder)
        nodes.append(master)
        nodes.append(Node(folder, "--replicaof", "127.0.0.1", str(master.port)))
        until(lambda: _linked(nodes[1]), UP_LIMIT)
        watchers += [_Sentinel(folder, master.port) for _ in range(3)]
        until(lambda: all(watcher.sees_all() for watcher in watchers), UP_LIMIT)
        yield nodes, [watcher.port for watcher in watchers]
    finally:
        for watcher in watchers:
            watcher.kill()
        for node in nodes:
            node.kill()


def _linked(replica: Node) -> bool:
    with replica.client() as client:
        return bool(client.info("replication").get("master_link_status") == "up")


class _Sentinel:
    """One Sentinel process."""

    def __init__(self, folder: Path, master: int) -> None:
        self.port = free_port()
        config = folder / f"sentinel-{self.port}.conf"
        config.write_text(
            f"port {self.port}\ndir {folder}\nsentinel monitor main 127.0.0.1 {master} 2\n"
            f"sentinel down-after-milliseconds main {DOWN_AFTER}\nsentinel failover-timeout main 5000\n"
        )
        with (folder / f"sentinel-{self.port}.log").open("ab") as log:
            self._process = subprocess.Popen([REDIS, str(config), "--sentinel"], stdout=log, stderr=log)

    def sees_all(self) -> bool:
        """Whether it knows the replica and both other Sentinels."""
        with contextlib.suppress(redis.RedisError), redis.Redis(port=self.port) as client:
            known = client.sentinel_master("main")
            return int(known["num-slaves"]) == 1 and int(known["num-other-sentinels"]) == 2
        return False

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()
