"""The chaos run: real processes on a real Redis, all killed at random moments, a carrier that fails and a
shuffle of callbacks; then the books of the carrier and of the assistant are checked.

`TANDEM_CHAOS_SEED` chooses another run; a seed fixes what is sent and who is killed when, not how the
machine interleaves it.
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.chaos.books import CarrierBook
from tests.chaos.callbacks import Callbacks
from tests.chaos.callers import Caller
from tests.chaos.dice import dice
from tests.chaos.flow import Flow, left_over
from tests.chaos.hosts import Deployment, deployed, number
from tests.servers import Server, free_port, redis_server

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

FAULTS = ("429", "500", "500 taken", "drop", "drop taken")
KILLS = 5  # of hosts; Redis is killed once, before the last
CALLERS = 12
SHADOW = 5.0
"""Seconds after Redis' return in which its absence may still be told: the budget of a call and the breaker's
pause, on a busy machine.
"""


def faulty(seed: int) -> CarrierBook:
    """A carrier of whose requests one in five goes wrong."""
    chance = dice(seed)
    return CarrierBook(lambda: chance.choice(FAULTS) if chance.random() < 0.2 else "")


def wreak(deployment: Deployment, server: Server, chance: random.Random) -> tuple[float, float]:
    """Kill hosts at random moments, each replaced by a new one, and Redis once; from when to when a caller
    may hear of that.
    """
    away = back = 0.0
    for round_ in range(KILLS):
        time.sleep(chance.uniform(0.5, 2.5))
        victim = chance.choice(deployment.hosts)
        deployment.hosts.remove(victim)
        victim.kill()
        if round_ == KILLS - 2:
            away = time.monotonic()
            server.kill()
            time.sleep(chance.uniform(0.5, 2))
            server.start()
            back = time.monotonic() + SHADOW
        deployment.start(1)
    return away, back


def test_chaos_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Every acknowledged text has one turn and one reply in its customer's order; every answer that a caller
    heard is of one turn; nothing is left in Redis.
    """
    seed = int(os.environ.get("TANDEM_CHAOS_SEED", "1"))
    chance = dice(seed)
    options = {"carrier": faulty(seed), "messaging": {"reconcile_after": "2s"}}
    started = time.monotonic()
    with (
        redis_server(tmp_path / "redis", "--appendfsync", "always", port=free_port()) as server,
        deployed(tmp_path, server.url, **options) as deployment,
    ):
        deployment.bot.delay = 0.2
        deployment.start(3)
        callbacks = Callbacks(deployment, dice(seed))
        flow = Flow(deployment, customers=60, texts=6, pause=1.0, seed=seed, repeated=0.3)
        callers = [Caller(deployment, number(500 + n), f"{seed} caller {n}") for n in range(CALLERS)]
        flow.start()
        with ThreadPoolExecutor(CALLERS) as pool:
            calls = [
                pool.submit(caller.talk, [f"said {n}/{place}" for place in range(10)])
                for n, caller in enumerate(callers)
            ]
            away, back = wreak(deployment, server, chance)
            for call in calls:
                call.result()
        flow.wait_until_sent()
        waited = flow.wait_until_answered()
        callbacks.close()
        report(deployment, flow, callers, callbacks, seed, waited, time.monotonic() - started)
        flow.check()
        check_calls(deployment, callers, away, back)
        with server.client() as client:
            assert left_over(client) == []


def check_calls(deployment: Deployment, callers: list[Caller], away: float, back: float) -> None:
    """What was heard was asked under one id; only while Redis was away did a call fail, or a repeated
    request get another document; whoever was not cut off heard all answers.
    """
    ids = deployment.bot.turn_ids()
    for caller in callers:
        assert all(away <= at <= back for at in caller.differing)
        if caller.cut:
            assert away <= caller.cut_at <= back
        else:
            assert caller.answered == caller.said
        assert [len(ids[word]) for word in caller.answered] == [1] * len(caller.answered)


def report(
    deployment: Deployment,
    flow: Flow,
    callers: list[Caller],
    callbacks: Callbacks,
    seed: int,
    waited: float,
    seconds: float,
) -> None:
    """The figures of the run."""
    carrier, bot = deployment.carrier, deployment.bot
    faults = {name: count for name, count in carrier.faults.items() if name}
    print(
        f"\nchaos, seed {seed}: {flow.count} texts, {flow.repeats} of them twice; {KILLS} hosts and Redis killed;"
        f"\n  carrier: {len(carrier.sent)} messages taken, faults {faults}, {callbacks.told} callbacks;"
        f"\n  assistant: asked {len(bot.asked)} times, {len({a.turn_id for a in bot.asked})} turns;"
        f"\n  callers: {sum(len(c.answered) for c in callers)} answers heard, {sum(c.cut for c in callers)} calls cut;"
        f"\n  the longest way to a 200 took {flow.longest:.1f} s; the last answers came {waited:.1f} s after the last"
        f" text; {seconds:.0f} s in all"
    )
