"""One running service for the tests of a module that do not change its settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.blackbox.driver import Bot, Carrier, Service, running
from tests.servers import free_port, redis_server

Running = tuple[Service, Bot, Carrier]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on the embedded store, its bot and its carrier."""
    folder: Path = tmp_path_factory.mktemp("service")
    with running(folder) as everything:
        yield everything


@pytest.fixture
def redis_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis of the test's own, on a free port: nothing is known there of other tests' messages."""
    with redis_server(tmp_path_factory.mktemp("redis"), port=free_port()) as server:
        yield server.url
