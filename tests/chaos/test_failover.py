"""Replicated Redis 7 under load: a primary is killed, slots move, Sentinel chooses a new master. Nothing that
was acknowledged is lost or doubled.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.blackbox.driver import until
from tests.chaos.cluster import Node, cluster, cluster_client, move_slots, watched_pair
from tests.chaos.flow import Flow, left_over
from tests.chaos.hosts import Deployment, deployed

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

DURABLE = {"service": {"wait_replicas": 1}, "messaging": {"reconcile_after": "2s"}}


def flow_of(deployment: Deployment, seed: int) -> Flow:
    """Thirty customers, who text for about ten seconds."""
    return Flow(deployment, customers=30, texts=8, pause=1.2, seed=seed, repeated=0.2)


def finish(flow: Flow, name: str) -> None:
    """Wait for the answers, show the figures, and look into the books."""
    flow.wait_until_sent()
    waited = flow.wait_until_answered()
    asked = len(flow.deployment.bot.asked)
    print(
        f"\n{name}: {flow.count} texts, {flow.repeats} of them twice, asked {asked} times; "
        f"the longest way to a 200 took {flow.longest:.1f} s, the slowest request {flow.deployment.slowest:.1f} s; the last answers {waited:.1f} s after"
    )
    flow.check()


def kill_and_return(node: Node, *successors: Node) -> float:
    """Kill a primary, wait until a replica of it leads, bring it back; the seconds without one."""
    start = time.monotonic()
    node.kill()
    until(lambda: any(successor.role == "master" for successor in successors), 20)
    gap = time.monotonic() - start
    node.start()
    return gap


def replica_of(node: Node, nodes: list[Node]) -> Node:
    """The node that replicates this one."""
    with node.client() as client:
        port = int(client.info("replication")["slave0"]["port"])
    return next(other for other in nodes if other.port == port)


def test_a_cluster_loses_its_primary(tmp_path: Path) -> None:
    """A primary of a cluster is killed under load, with `wait_replicas: 1`: its replica takes over, and every
    text that was acknowledged has one turn and one reply.
    """
    with cluster(tmp_path) as nodes:
        url = "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in nodes[:3])
        with deployed(tmp_path, url, **DURABLE) as deployment:
            deployment.start(2)
            flow = flow_of(deployment, 1)
            flow.start()
            time.sleep(3)
            gap = kill_and_return(nodes[0], replica_of(nodes[0], nodes))
            finish(flow, f"cluster, primary killed, {gap:.1f} s without one")
            assert left_over(cluster_client(nodes[1:])) == []


def test_slots_move_under_load(tmp_path: Path) -> None:
    """1,500 slots move from one node to another under load: nothing is lost, doubled or refused for long."""
    with cluster(tmp_path) as nodes:
        url = f"redis+cluster://127.0.0.1:{nodes[0].port}"
        with deployed(tmp_path, url, **DURABLE) as deployment:
            deployment.start(2)
            flow = flow_of(deployment, 2)
            flow.start()
            time.sleep(2)
            seconds = move_slots(nodes[0], nodes[1], 1500)
            finish(flow, f"cluster, 1,500 slots moved in {seconds:.1f} s")
            assert left_over(cluster_client(nodes)) == []
            assert flow.longest < 6


def test_sentinel_chooses_a_new_master(tmp_path: Path) -> None:
    """The master under Sentinel is killed under load, with `wait_replicas: 1`: a replica is chosen, and
    every text that was acknowledged has one turn and one reply.
    """
    with watched_pair(tmp_path) as (nodes, sentinels):
        url = "redis+sentinel://" + ",".join(f"127.0.0.1:{port}" for port in sentinels) + "/main"
        with deployed(tmp_path, url, **DURABLE) as deployment:
            deployment.start(2)
            flow = flow_of(deployment, 3)
            flow.start()
            time.sleep(3)
            gap = kill_and_return(nodes[0], *nodes[1:])
            finish(flow, f"Sentinel, master killed, {gap:.1f} s without one")
            leader = next(node for node in nodes if node.role == "master")
            with leader.client() as client:
                assert left_over(client) == []
