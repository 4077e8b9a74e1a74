"""Two hosts on one real Redis, seen by the carrier and the assistant: each event once, each customer in order."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from tests.blackbox.driver import Call, Service, until
from tests.chaos.hosts import Deployment, deployed, number, sid, together
from tests.servers import Server, free_port, redis_server

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Redis that has each answer on disk."""
    with redis_server(
        tmp_path_factory.mktemp("redis"), "--appendfsync", "always", port=free_port()
    ) as running:
        yield running


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Deployment]:
    """Two hosts on it; the assistant takes 50 ms."""
    folder: Path = tmp_path_factory.mktemp("pair")
    with deployed(folder, server.url) as deployment:
        deployment.bot.delay = 0.05
        deployment.start(2)
        yield deployment


def quiet(deployment: Deployment, seconds: float = 0.5) -> None:
    """Wait in which a second turn or a second text would show."""
    before = -1
    while before != len(deployment.bot.asked) + len(deployment.carrier.sent):
        before = len(deployment.bot.asked) + len(deployment.carrier.sent)
        time.sleep(seconds)


def test_twenty_deliveries_of_one_message_are_one_turn(pair: Deployment) -> None:
    """Twenty parallel deliveries of one message to two hosts lead to one turn and one reply, all answered 200."""
    ana = number(1)
    jobs = [partial(pair.hosts[n % 2].text, "twenty", ana) for n in range(20)]
    assert {answer.status_code for answer in together(jobs)} == {200}
    until(lambda: pair.carrier.bodies(ana))
    quiet(pair)
    assert pair.bot.times("twenty") == 1
    assert pair.carrier.bodies(ana) == ["re: twenty"]


def test_one_message_by_two_hosts_at_once_is_one_turn(pair: Deployment) -> None:
    """A message that reaches two hosts in the same moment is one turn, for each of thirty customers."""
    for n in range(30):
        together([partial(host.text, f"both {n}", number(100 + n)) for host in pair.hosts])
    expected = sorted(f"re: both {n}" for n in range(30))

    def replies() -> list[str]:
        return sorted(body for body in pair.carrier.bodies() if "both" in body)

    until(lambda: len(replies()) >= 30)
    quiet(pair)
    assert replies() == expected
    assert [pair.bot.times(f"both {n}") for n in range(30)] == [1] * 30


def test_texts_of_one_customer_are_answered_in_order(pair: Deployment) -> None:
    """Twelve texts of one customer, taken by two hosts in turn, are asked and answered in that order."""
    ana = number(2)
    words = [f"in order {n}" for n in range(12)]
    for n, word in enumerate(words):
        assert pair.hosts[n % 2].text(word, ana).status_code == 200
    until(lambda: len(pair.carrier.bodies(ana)) == 12, 20)
    assert pair.carrier.bodies(ana) == [f"re: {word}" for word in words]
    assert [entry.text for entry in pair.bot.asked if entry.customer == ana] == words
    turns = [entry for entry in pair.bot.asked if entry.customer == ana]
    gaps = [after.at - before.answered_at for before, after in itertools.pairwise(turns)]
    assert min(gaps) >= 0, "a turn began before the last was answered"


def test_speech_and_text_in_one_moment_are_each_asked_once(pair: Deployment) -> None:
    """A text to one host while the caller speaks to the other: both are turns, once each, for 24 customers."""

    def both(n: int) -> None:
        call = Call(cast("Service", pair.hosts[n % 2]), sid("CA", f"moment {n}"), number(300 + n))
        call.start()
        speech = partial(call.says, f"spoken {n}")
        together([speech, partial(pair.hosts[1 - n % 2].text, f"texted {n}", number(300 + n))])
        until(lambda: pair.bot.times(f"texted {n}") and pair.bot.times(f"spoken {n}"), 20)

    for start in range(0, 24, 8):
        together([partial(both, n) for n in range(start, start + 8)])
    quiet(pair)
    asked = [(pair.bot.times(f"spoken {n}"), pair.bot.times(f"texted {n}")) for n in range(24)]
    assert asked == [(1, 1)] * 24


def test_two_processes_behind_one_port_share_the_work(tmp_path: Path) -> None:
    """`--workers 2` holds the same: one message in twenty deliveries is one turn, and texts keep their order."""
    with (
        redis_server(tmp_path / "redis", "--appendfsync", "always", port=free_port()) as server,
        deployed(tmp_path, server.url) as deployment,
    ):
        (host,) = deployment.start(1, workers=2)
        until(lambda: len(host.children()) == 2, 15)
        together([partial(host.text, "one", number(1)) for _ in range(20)])
        words = [f"word {n}" for n in range(12)]
        for word in words:
            assert host.text(word, number(2)).status_code == 200
        until(lambda: len(deployment.carrier.sent) >= 13, 20)
        quiet(deployment)
        assert deployment.carrier.bodies(number(1)) == ["re: one"]
        assert deployment.carrier.bodies(number(2)) == [f"re: {word}" for word in words]
        assert deployment.bot.times("one") == 1
