"""Redis away and back: what carriers and operators see meanwhile, and that nothing is answered 200 unstored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from tests.blackbox.driver import Call, Service, until
from tests.chaos.hosts import Deployment, Host, deployed, number, sid, together
from tests.servers import Server, free_port, redis_server

pytestmark = pytest.mark.timeout(120)

TEXT_LIMIT = 6.0  # seconds until a text is refused
VOICE_LIMIT = 8.0  # seconds until a caller hears the failure message
BACK_LIMIT = 15.0  # seconds after Redis' return


@pytest.fixture
def outage(tmp_path: Path) -> Iterator[tuple[Deployment, Server]]:
    """One host, and a Redis that the test may kill."""
    with (
        redis_server(tmp_path / "redis", "--appendfsync", "always", port=free_port()) as server,
        deployed(tmp_path, server.url) as deployment,
    ):
        deployment.start(1)
        yield deployment, server


def call(host: Host, customer: str, name: str) -> Call:
    """A call of a customer, not begun."""
    return Call(cast("Service", host), sid("CA", name), customer)


def timed_text(host: Host, body: str, customer: str) -> tuple[int, float]:
    """The status of a text, and after how many seconds it came."""
    start = time.monotonic()
    return host.text(body, customer).status_code, time.monotonic() - start


def test_redis_away_and_back(outage: tuple[Deployment, Server]) -> None:
    """Away: texts 503 in under 6 s, callers hear the failure message in under 8 s, ready 503, alive 200.
    Back: within 15 s by itself, with the calls and threads of before, and what was refused is taken now.
    """
    deployment, server = outage
    (host,) = deployment.hosts
    live = call(host, number(1), "before")
    live.start()
    assert host.text("before", number(2)).status_code == 200
    until(lambda: deployment.carrier.bodies(number(2)))
    time.sleep(1)  # in which the carrier's answer is recorded; else the next text waits until it is searched

    server.kill()
    answers = together([partial(timed_text, host, f"away {n}", number(10 + n)) for n in range(10)])
    assert {status for status, _ in answers} == {503}
    assert max(seconds for _, seconds in answers) < TEXT_LIMIT
    start = time.monotonic()
    lost = call(host, number(3), "away")
    lost.start()
    assert time.monotonic() - start < VOICE_LIMIT
    assert lost.heard == ["Sorry, something went wrong on our side. Please call again."]
    assert lost.ended
    assert host.get("/readyz").status_code == 503
    assert host.get("/livez").status_code == 200
    assert "away" not in " ".join(entry.text for entry in deployment.bot.asked)

    server.start()
    back = time.monotonic()
    until(lambda: host.get("/readyz").status_code == 200, BACK_LIMIT)
    deployment.deliver("away 0", number(10), BACK_LIMIT)
    print(f"back {time.monotonic() - back:.1f} s after Redis")
    assert time.monotonic() - back < BACK_LIMIT
    live.says("still here")
    assert live.heard[-1] == "re: still here"
    assert len({entry.turn_id for entry in deployment.bot.asked if entry.text == "call_started"}) == 1
    assert host.text("after", number(2)).status_code == 200
    until(lambda: deployment.carrier.bodies(number(2)) == ["re: before", "re: after"])
    until(lambda: deployment.carrier.bodies(number(10)) == ["re: away 0"])


@pytest.mark.system  # by its length: a whole lease, or the grace period, goes by
def test_a_turn_that_redis_outlives_is_answered_after_it(outage: tuple[Deployment, Server]) -> None:
    """Redis is killed while turns run and comes back: each acknowledged text is answered, once."""
    deployment, server = outage
    (host,) = deployment.hosts
    deployment.bot.delay = 2
    for n in range(10):
        assert host.text(f"during {n}", number(n)).status_code == 200
    until(lambda: len(deployment.bot.asked) == 10)
    server.kill()
    time.sleep(3)
    server.start()
    deployment.bot.delay = 0
    until(lambda: len(deployment.carrier.sent) >= 10, 25)
    time.sleep(0.5)
    assert sorted(deployment.carrier.bodies()) == [f"re: during {n}" for n in range(10)]
    assert {len(ids) for ids in deployment.bot.turn_ids().values()} == {1}
