"""Hints on a real cluster of three masters: heard at once, whichever master keeps the channel, and after a
master was replaced.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from orchestrator.ports import Address
from orchestrator.store import RedisStore
from orchestrator.store.connect import connect
from tests.chaos.cluster import Node, cluster

pytestmark = [pytest.mark.system, pytest.mark.anyio, pytest.mark.timeout(120)]
SPREAD = 24
"""Customers, enough to have some at every master."""


def store_at(nodes: list[Node]) -> RedisStore:
    """A store of its own on the cluster."""
    hosts = ",".join(f"127.0.0.1:{node.port}" for node in nodes)
    return connect(f"redis+cluster://{hosts}", hash_key=b"k" * 16)


class Hearing:
    """What one store hears, and when."""

    def __init__(self) -> None:
        self.heard: dict[tuple[str, str], float] = {}

    def __call__(self, address: Address, words: str) -> None:
        """Remember it."""
        self.heard[address.customer, words] = perf_counter()

    async def delay(self, store: RedisStore, address: Address, words: str) -> float:
        """Seconds from a hint of `store` to its arrival; 3 where it does not come."""
        began = perf_counter()
        await store.hint(address, words)
        for _ in range(600):
            if at := self.heard.get((address.customer, words)):
                return at - began
            await asyncio.sleep(0.005)  # a real server's answer: nothing to wait for but time
        return 3.0


async def test_hints_cross_a_cluster(tmp_path: Path) -> None:
    """Each within a tenth of a second, the words with it; again once a replica leads in a killed master's place."""
    with cluster(tmp_path) as nodes:
        one, two, hearing = store_at(nodes[:3]), store_at(nodes[:3]), Hearing()
        addresses = [one.address("support", f"+1555010{number:04d}") for number in range(SPREAD)]
        await one.start()
        for address in addresses:
            await two.watch(address.partition, hearing)
        await asyncio.sleep(0.2)  # subscriptions are confirmed
        delays = [await hearing.delay(one, address, "ahead") for address in addresses]
        print(f"\nhints on a cluster: most {max(delays) * 1000:.0f} ms of {SPREAD}")
        assert max(delays) < 0.1
        nodes[0].kill()
        late = [await _in_the_end(hearing, one, address) for address in addresses]
        print(f"after a master was killed: all heard within {max(late):.1f} s")
        await one.close()
        await two.close()


async def _in_the_end(hearing: Hearing, store: RedisStore, address: Address) -> float:
    """Seconds until a hint of this customer is heard again, repeated as commits are."""
    began = perf_counter()
    for number in range(5):
        if await hearing.delay(store, address, f"again {number}") < 3.0:
            return perf_counter() - began
    raise AssertionError("never heard again")
