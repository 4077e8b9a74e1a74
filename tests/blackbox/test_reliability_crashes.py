"""Processes that are killed or stopped under load: nothing acknowledged is lost, nothing is sent twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.blackbox.driver import until
from tests.chaos.hosts import Deployment, deployed, number
from tests.servers import free_port, redis_server

pytestmark = pytest.mark.timeout(150)

RECOVERY = 17.0
"""Seconds: a lease of 15, and two more for the next look at what is due."""


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment on a Redis of its own that has each answer on disk."""
    with (
        redis_server(tmp_path / "redis", "--appendfsync", "always", port=free_port()) as server,
        deployed(tmp_path, server.url, messaging={"reconcile_after": "2s"}) as made,
    ):
        yield made


def replies(deployment: Deployment) -> Counter[str]:
    """How often each answer was taken by the carrier."""
    return Counter(deployment.carrier.bodies())


def expected(words: list[str]) -> Counter[str]:
    """Each answered once."""
    return Counter(f"re: {word}" for word in words)


def wait_for_turns(deployment: Deployment, count: int) -> None:
    """Until the assistant was asked that often."""
    until(lambda: len(deployment.bot.asked) >= count, 20)


def test_three_kills_lose_and_double_nothing(deployment: Deployment) -> None:
    """300 texts of 300 customers with three `kill -9` in the middle: 300 replies, and a turn that is asked
    again keeps its id, which is its `webhook-id`; it is asked within the lease and two seconds.
    """
    deployment.bot.delay = 0.3
    hosts = list(deployment.start(4))
    words = [f"text {n}" for n in range(300)]
    with ThreadPoolExecutor(16) as pool:
        sending = [
            pool.submit(deployment.deliver, word, number(n), 40, n % 4) for n, word in enumerate(words)
        ]
        for victim, reached in zip(hosts, (60, 130, 200), strict=False):
            wait_for_turns(deployment, reached)
            victim.kill()
            killed = time.monotonic()
            deployment.hosts.remove(victim)
        deployment.start(1)
        taken = max(job.result() for job in sending)
    until(lambda: sum(replies(deployment).values()) >= 300, RECOVERY + 15)
    assert replies(deployment) == expected(words)
    assert {len(ids) for ids in deployment.bot.turn_ids().values()} == {1}
    again = asked_again(deployment)
    assert again, "no kill hit a turn: this run proves nothing"
    late = max(again) - max(killed, taken)
    print(f"asked again: {len(again)}; the last {late:.1f} s after the last kill")
    assert late <= RECOVERY


def asked_again(deployment: Deployment) -> list[float]:
    """When turns were asked that had been asked before."""
    seen: set[str] = set()
    found = []
    for entry in list(deployment.bot.asked):
        if entry.turn_id in seen:
            found.append(entry.at)
        seen.add(entry.turn_id)
    return found


def test_a_worker_alone_finishes_what_a_killed_server_left(deployment: Deployment) -> None:
    """Ten texts are acknowledged, the only server is killed while their turns run: `tandem worker` answers all."""
    deployment.bot.delay = 3
    (host,) = deployment.start(1)
    words = [f"left {n}" for n in range(10)]
    for n, word in enumerate(words):
        assert host.text(word, number(n)).status_code == 200
    wait_for_turns(deployment, 10)
    host.kill()
    killed = time.monotonic()
    deployment.bot.delay = 0
    deployment.start_worker()
    until(lambda: sum(replies(deployment).values()) >= 10, RECOVERY + 5)
    assert time.monotonic() - killed <= RECOVERY
    assert replies(deployment) == expected(words)
    assert {len(ids) for ids in deployment.bot.turn_ids().values()} == {1}


def test_a_graceful_stop_finishes_what_it_holds(deployment: Deployment) -> None:
    """SIGTERM while thirty turns run: each is answered once, before the process is gone."""
    deployment.bot.delay = 1.5
    (host,) = deployment.start(1)
    words = [f"held {n}" for n in range(30)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: deployment.deliver(words[n], number(n)), range(30)))
    assert sum(replies(deployment).values()) < 30
    took = host.terminate()
    assert took < 12
    assert replies(deployment) == expected(words)
    assert len(deployment.bot.asked) == 30


@pytest.mark.system  # by its length: a whole lease, or the grace period, goes by
def test_a_stop_gives_back_what_it_cannot_finish(deployment: Deployment) -> None:
    """SIGTERM while turns run that outlast the grace period: another host has them at once, not a lease later."""
    deployment.bot.delay = 25
    first, _ = deployment.start(2)
    words = [f"given back {n}" for n in range(5)]
    for n, word in enumerate(words):
        assert first.text(word, number(n)).status_code == 200
    wait_for_turns(deployment, 5)
    deployment.bot.delay = 0
    took = first.terminate()
    stopped = time.monotonic()
    until(lambda: sum(replies(deployment).values()) >= 5, RECOVERY)
    print(f"stopped in {took:.1f} s, answered {time.monotonic() - stopped:.1f} s later")
    assert took < 16
    assert time.monotonic() - stopped < 5
    assert replies(deployment) == expected(words)
    assert {len(ids) for ids in deployment.bot.turn_ids().values()} == {1}
