"""Bounds: what an overloaded assistant, a flooded inbox and an event that nobody can read do to others,
and what a process costs Redis.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from tests.blackbox.driver import Call, Service, until
from tests.chaos.books import BotBook
from tests.chaos.hosts import Host, deployed, number, sid, together
from tests.servers import Server, free_port, redis_server

pytestmark = pytest.mark.timeout(120)

OTHER = "+19585550999"
BUSY = "We cannot take your call now. Please try again later."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Redis of the test's own."""
    with redis_server(tmp_path / "redis", "--appendfsync", "always", port=free_port()) as running:
        yield running


def reads(server: Server) -> int:
    """Reads from clients that Redis counted; the question is one itself."""
    with server.client() as client:
        return int(cast("dict[str, Any]", client.info("stats"))["total_reads_processed"])


def call(host: Host, name: str, customer: str) -> Call:
    """A call of a customer, not begun."""
    return Call(cast("Service", host), sid("CA", name), customer)


def test_what_a_process_costs_redis(tmp_path: Path, server: Server) -> None:
    """Counted by Redis: an idle process makes at most 20 reads a second, a voice turn at most 4.5 more."""
    with deployed(tmp_path, server.url) as deployment:
        (host,) = deployment.start(1)
        caller = call(host, "cost", number(1))
        caller.start()
        time.sleep(1)
        before, start = reads(server), time.monotonic()
        time.sleep(4)
        idle = (reads(server) - before - 1) / (time.monotonic() - start)
        before, start = reads(server), time.monotonic()
        for n in range(100):
            caller.says(f"turn {n}")
        seconds = time.monotonic() - start
        turn = (reads(server) - before - 1 - idle * seconds) / 100
        print(
            f"reads: idle {idle:.1f} a second, {turn:.2f} a voice turn ({100 / seconds:.0f} turns a second)"
        )
        assert idle <= 20
        assert turn <= 4.5


def test_an_assistant_at_its_bound_says_so_early(tmp_path: Path, server: Server) -> None:
    """One turn and two waiting: further texts get 503, callers busy_message, all at once; another assistant
    answers as ever; what was acknowledged is answered, once.
    """
    other = BotBook()
    options = {
        "more_bots": {"sales": (other, OTHER)},
        "backend": {"max_concurrent": 1, "max_waiting": 2},
        "phone": {"busy_message": BUSY},
    }
    with deployed(tmp_path, server.url, **options) as deployment:
        (host,) = deployment.start(1)
        deployment.bot.delay = 1.5
        answers = {}
        for n in range(8):
            answers[f"load {n}"] = host.text(f"load {n}", number(n)).status_code
        assert sorted(answers.values()) == [200] * 3 + [503] * 5
        start = time.monotonic()
        refused = call(host, "refused", number(50))
        refused.start()
        assert refused.heard == [BUSY]
        assert refused.ended
        assert host.text("unaffected", number(60), to=OTHER).status_code == 200
        until(lambda: deployment.carrier.bodies(number(60)) == ["re: unaffected"])
        assert time.monotonic() - start < 1
        taken = sorted(f"re: {word}" for word, status in answers.items() if status == 200)
        until(lambda: len(deployment.carrier.sent) == 4, 15)
        assert sorted(set(deployment.carrier.bodies()) - {"re: unaffected"}) == taken


def test_a_burst_beyond_the_bound_is_refused_or_answered(tmp_path: Path, server: Server) -> None:
    """Forty texts in one moment to an assistant that takes three: each is refused with 503 or truly answered."""
    with deployed(tmp_path, server.url, backend={"max_concurrent": 1, "max_waiting": 2}) as deployment:
        (host,) = deployment.start(1)
        deployment.bot.delay = 0.2
        statuses = together([partial(host.text, f"burst {n}", number(n)) for n in range(40)])
        taken = sorted(f"re: burst {n}" for n, answer in enumerate(statuses) if answer.status_code == 200)
        assert {answer.status_code for answer in statuses} == {200, 503}
        until(lambda: len(deployment.carrier.sent) >= len(taken), 20)
        assert sorted(deployment.carrier.bodies()) == taken


def test_what_waits_longer_than_the_bound_is_worked_off(tmp_path: Path, server: Server) -> None:
    """A killed server leaves twelve acknowledged texts to one whose assistant takes three: all are answered."""
    with deployed(tmp_path, server.url, messaging={"reconcile_after": "2s"}) as deployment:
        (host,) = deployment.start(1)
        deployment.bot.delay = 20
        for n in range(12):
            assert host.text(f"waits {n}", number(n)).status_code == 200
        host.kill()
        deployment.hosts.clear()
        deployment.bot.delay = 0.2
        config = deployment.config.read_text()
        deployment.config.write_text(
            config.replace('"kind": "http"', '"kind": "http", "max_concurrent": 1, "max_waiting": 2')
        )
        deployment.start(1)
        until(lambda: len(deployment.carrier.sent) >= 12, 40)
        assert sorted(deployment.carrier.bodies()) == sorted(f"re: waits {n}" for n in range(12))


def test_a_flooded_inbox_is_refused_and_hurts_nobody_else(tmp_path: Path, server: Server) -> None:
    """500 texts of one customer may wait; the next gets 503; another customer is answered meanwhile."""
    with deployed(tmp_path, server.url) as deployment:
        (host,) = deployment.start(1)
        deployment.bot.delay = 60
        flood = number(1)
        statuses = []
        for start in range(0, 504, 24):
            jobs = [partial(host.text, f"flood {n}", flood) for n in range(start, start + 24)]
            statuses += [answer.status_code for answer in together(jobs)]
        assert statuses.count(200) in {500, 501}
        assert statuses.count(503) == len(statuses) - statuses.count(200)
        deployment.bot.delay = 0
        assert host.text("unharmed", number(2)).status_code == 200
        until(lambda: deployment.carrier.bodies(number(2)) == ["re: unharmed"])


def test_an_event_that_nobody_can_read_is_given_up(tmp_path: Path, server: Server) -> None:
    """An event that this release cannot read (a later release stored it) becomes one dead letter, and the
    customer's next text is answered.
    """
    with deployed(tmp_path, server.url) as deployment:
        (host,) = deployment.start(1)
        ana = number(1)
        assert host.text("before", ana).status_code == 200
        until(lambda: deployment.carrier.bodies(ana))
        time.sleep(0.5)
        store_unreadable(server)
        assert host.text("after", ana).status_code == 200
        until(lambda: "re: after" in deployment.carrier.bodies(ana), 30)
        with server.client() as client:
            dead = [key for key in client.scan_iter("tandem:*:dlq") if client.xlen(key)]
            assert [client.xlen(key) for key in dead] == [1]


def store_unreadable(server: Server) -> None:
    """Put an event of an unknown kind at the head of the only customer's inbox, as its release would."""
    payload = '{"assistant":"support","customer":"+15552000001","event":{"type":"FromTheFuture","id":"x1"}}'
    with server.client() as client:
        (customer,) = (
            key.decode()
            for key in client.scan_iter("tandem:*:c:*")
            if client.type(key) == b"hash" and not key.endswith(b":out")
        )
        client.rpush(f"{customer}:in", f"2:x1{payload}")
