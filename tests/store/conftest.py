"""The store under test, twice: on the fake and on a real server. One test body proves both.

Time is virtual in both (`clock`): scripts take it as an argument. Customers are new in each test, so
that all tests of a session share one server.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest

from orchestrator.ports import Address, Commit, Committed, Grant, Inboxed
from orchestrator.store import RedisStore, memory_store
from orchestrator.store.base import Lifetimes
from orchestrator.store.connect import connect
from tests.servers import Server, redis_server

START = 1_700_000_000.0
_numbers = itertools.count(1_000_000)


@dataclass
class VirtualClock:
    """A clock that stands until it is moved."""

    time: float = START

    def now(self) -> float:
        """Unix seconds."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


@dataclass
class Bench:
    """A store, its clock, and shortcuts for what most tests begin with."""

    store: RedisStore
    clock: VirtualClock
    address: Address = field(init=False)

    def __post_init__(self) -> None:
        """A customer of its own."""
        self.address = self.store.address("support", f"+1555{next(_numbers)}")

    async def grant(self, event: str = "SM1", token: str = "T1") -> Grant:  # noqa: S107 - a lease token is no password
        """The lease, taken with an accepted text."""
        got = await self.store.accept(self.address, Inboxed(event, f"body of {event}"), token)
        assert isinstance(got, Grant)
        return got

    async def commit(self, grant: Grant, change: Commit) -> Committed:
        """A commit that holds."""
        done = await self.store.commit(grant, grant.version, change)
        assert isinstance(done, Committed), done
        return done

    async def due(self) -> set[tuple[str, str]]:
        """What of this customer is due now: (kind, name)."""
        found = await self.store.poll(self.address.partition, 1000)
        return {(due.kind, due.name) for due in found if due.address == self.address}

    async def due_at(self, member: str) -> float | None:
        """When a member of `due` is to be looked at, without touching it."""
        score = await self.store.link.call(
            "ZSCORE", self.store.keys.of(self.address.partition, "due"), member
        )
        return None if score is None else float(score) / 1000


@pytest.fixture(scope="session")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real server for the session."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def clock() -> VirtualClock:
    """Virtual time."""
    return VirtualClock()


@pytest.fixture(params=["fake", "real"])
async def bench(request: pytest.FixtureRequest, clock: VirtualClock) -> AsyncIterator[Bench]:
    """A customer on the fake, then on a real server."""
    lifetimes = Lifetimes(inbox=5)
    if request.param == "fake":
        store = memory_store(clock=clock.now, lifetimes=lifetimes)
    else:
        server: Server = request.getfixturevalue("redis_socket")
        store = connect(server.url, hash_key=b"test key", lifetimes=lifetimes, clock=clock.now, partitions=8)
    await store.start()
    yield Bench(store, clock)
    await store.close()
