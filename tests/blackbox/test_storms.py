"""Storms at the carrier, from outside: whatever it does to our requests, each text is taken exactly once, or is
listed as unresolved, and those of a customer in order.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.blackbox.driver import until
from tests.chaos.books import CarrierBook
from tests.chaos.hosts import Deployment, deployed, number
from tests.servers import free_port, redis_server

QUICK = ("429", "500", "500 taken", "drop", "drop taken")
"""What is over at once."""
HANGS = ("hang", "hang taken", "hang late")
"""What lasts 30 s each."""


class Storm:
    """The carrier's troubles: of each hundred requests `share` meet one of `kinds`, the same ones each time;
    after `requests` it is over.
    """

    def __init__(self, kinds: Sequence[str], share: int, requests: int, seed: int = 6) -> None:
        self._kinds, self._share, self._left = kinds, share, requests
        self._dice = random.Random(seed)  # noqa: S311 - a storm, no secret

    def __call__(self) -> str:
        """What befalls the next request."""
        self._left -= 1
        if self._left < 0:
            return ""
        return self._dice.choice(self._kinds) if self._dice.random() * 100 < self._share else ""


def write_all(deployment: Deployment, customers: int, texts: int) -> dict[str, list[str]]:
    """Each customer writes so many texts, one after the other, many customers at a time; the answers that are
    owed, by customer.
    """

    def write(customer: int) -> None:
        for n in range(texts):
            deployment.deliver(f"{customer}/{n}", number(customer))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(customers)))
    return {number(c): [f"re: {c}/{n}" for n in range(texts)] for c in range(customers)}


def unresolved(deployment: Deployment) -> list[dict[str, Any]]:
    """What the service lists as given up."""
    found: list[dict[str, Any]] = deployment.hosts[0].get("/api/v1/dead-letters").json()["dead_letters"]
    return found


def weather(deployment: Deployment, owed: dict[str, list[str]], seconds: float) -> None:
    """Until everything was taken or given up: nothing twice, each customer's in order."""
    count = sum(map(len, owed.values()))
    until(lambda: len(deployment.carrier.sent) + len(unresolved(deployment)) >= count, seconds)
    taken = Counter(deployment.carrier.bodies())
    assert [body for body, times in taken.items() if times > 1] == []
    assert len(taken) + len(unresolved(deployment)) == count
    for customer, bodies in owed.items():
        got = deployment.carrier.bodies(customer)
        assert got == [body for body in bodies if body in taken], customer
    print(f"{count} texts, {dict(deployment.carrier.faults)}, {len(unresolved(deployment))} unresolved")


@pytest.mark.timeout(90)
def test_a_storm_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """100 texts of 50 customers while two in five of the first requests fail: each answer is taken once, in order."""
    carrier = CarrierBook(Storm(QUICK, 40, requests=60))
    with deployed(tmp_path, "memory://", carrier=carrier, messaging={"reconcile_after": "0s"}) as deployment:
        deployment.start(1)
        owed = write_all(deployment, customers=50, texts=2)
        weather(deployment, owed, 60)
        assert unresolved(deployment) == []
        assert set(carrier.faults) == {"", *QUICK}


@pytest.mark.system  # by its length: hangs of 30 s, searched for twice
@pytest.mark.timeout(400)
def test_hundreds_of_texts_in_a_storm(tmp_path: Path) -> None:
    """The same with 200 texts of 50 customers, as configured by default, hangs of half a minute among them:
    taken at once, later, or never.
    """
    carrier = CarrierBook(Storm((*QUICK, *HANGS), 20, requests=10_000))
    with (
        redis_server(tmp_path / "redis", port=free_port()) as server,
        deployed(tmp_path, server.url, carrier=carrier) as deployment,
    ):
        deployment.start(1)
        owed = write_all(deployment, customers=50, texts=4)
        weather(deployment, owed, 300)


@pytest.mark.system  # by its length: the visibility of a claim, and two searches
@pytest.mark.timeout(90)
@pytest.mark.parametrize("fault", ["hang taken"])
def test_a_kill_in_the_middle_of_a_request_costs_less_than_half_a_minute(tmp_path: Path, fault: str) -> None:
    """The process that is telling the carrier is killed: another one finds the text, or sends it, within 30 s of
    the kill; it arrives once, and before the next one.
    """
    faults = iter([fault])
    carrier = CarrierBook(lambda: next(faults, ""))
    with (
        redis_server(tmp_path / "redis", port=free_port()) as server,
        deployed(tmp_path, server.url, carrier=carrier) as deployment,
    ):
        first, second = deployment.start(2)
        assert first.text("hello", number(1)).status_code == 200
        until(lambda: carrier.faults[fault] == 1)
        first.kill()
        deployment.hosts.remove(first)
        assert second.text("again", number(1)).status_code == 200
        until(lambda: carrier.bodies() == ["re: hello", "re: again"], 30)
