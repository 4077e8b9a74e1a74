"""The way to Redis: batches, repeats of unknown scripts, and errors told in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from redis import exceptions as redis_errors
from redis._parsers.base import BaseParser

from orchestrator.core.errors import ContractError, StoreUnavailable
from orchestrator.ports import Commit, Inboxed
from orchestrator.store.breaker import Breaker
from orchestrator.store.link import BATCH, Link
from orchestrator.store.scripts import NAMES, script
from tests.store.conftest import Bench

pytestmark = pytest.mark.anyio


class FakeSender:
    """Answers each command with itself. `script_errors` are raised or given in turn, then nothing is."""

    def __init__(self, *script_errors: Exception | float) -> None:
        self.batches: list[list[tuple[Any, ...]]] = []
        self.errors = list(script_errors)
        self.closed = False

    publish = "PUBLISH"

    def listener(self) -> Any:
        """Nothing listens here."""
        raise AssertionError

    async def send(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Record the batch; a number hangs for so many seconds."""
        self.batches.append(list(commands))
        trouble = self.errors.pop(0) if self.errors else None
        if isinstance(trouble, redis_errors.ResponseError):
            return [trouble] * len(commands)
        if isinstance(trouble, Exception):
            raise trouble
        await asyncio.sleep(trouble or 0)
        return list(commands)

    async def close(self) -> None:
        """Remember it."""
        self.closed = True


async def test_calls_of_one_turn_go_as_one_batch() -> None:
    """What is asked in one turn of the event loop is one trip, and each gets its own answer."""
    sender = FakeSender()
    link = Link(sender)
    answers = await asyncio.gather(*(link.call("GET", str(n)) for n in range(100)))
    assert answers == [("GET", str(n)) for n in range(100)]
    assert link.trips == len(sender.batches) == 1


async def test_a_batch_has_a_bound() -> None:
    """More than a batch goes in several, and all are answered."""
    sender = FakeSender()
    await asyncio.gather(*(Link(sender).call("GET") for _ in range(1)))
    link = Link(sender)
    await link.many([("GET", n) for n in range(5 * BATCH)])
    assert max(len(batch) for batch in sender.batches) == BATCH
    assert link.trips == 5


async def test_a_dead_server_is_told_and_then_told_at_once() -> None:
    """After three failures the breaker answers without asking."""
    sender = FakeSender(*[redis_errors.ConnectionError("secret host")] * 3)
    link = Link(sender, breaker=Breaker(failures=3, pause=60))
    for _ in range(5):
        with pytest.raises(StoreUnavailable) as told:
            await link.call("GET")
        assert "secret" not in str(told.value)
    assert len(sender.batches) == 3


async def test_a_silent_server_is_given_up_within_the_budget() -> None:
    """A call that is not answered ends when its budget is spent."""
    with pytest.raises(StoreUnavailable):
        await Link(FakeSender(60.0), budget=0.01).call("GET")


@pytest.mark.parametrize(
    "said",
    [
        "READONLY You can't write against a read only replica.",
        "OOM command not allowed when used memory > 'maxmemory'. script: 4, on @user_script:9.",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "NOREPLICAS Not enough good replicas to write.",
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM command not allowed",
    ],
)
async def test_a_server_that_cannot_now_is_unavailable(said: str) -> None:
    """Answers that pass with time are no bug of ours, as redis-py makes them of a server's words."""
    with pytest.raises(StoreUnavailable):
        await Link(FakeSender(BaseParser.parse_error(said))).call("SET")  # type: ignore[no-untyped-call]  # redis-py leaves it untyped


async def test_a_script_that_fails_is_a_bug() -> None:
    """An error of ours is loud, and does not open the breaker."""
    link = Link(FakeSender(*[redis_errors.ResponseError("ERR wrong")] * 5), breaker=Breaker(failures=1))
    for _ in range(5):
        with pytest.raises(ContractError):
            await link.call("SET")
    assert not link.breaker.is_open


async def test_an_error_nobody_thought_of_reaches_who_asked() -> None:
    """Nobody waits for ever, whatever breaks."""
    with pytest.raises(ContractError, match="odd"):
        await Link(FakeSender(KeyError("odd"))).call("GET")


async def test_a_caller_that_goes_away_harms_nobody() -> None:
    """A cancelled call leaves the others of its batch their answers."""
    link = Link(FakeSender(0.01))
    gone = asyncio.ensure_future(link.call("GET", "a"))
    stays = asyncio.ensure_future(link.call("GET", "b"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == ("GET", "b")


async def test_closing_waits_for_what_is_under_way() -> None:
    """Calls that were sent are answered before the connections are dropped."""
    sender = FakeSender(0.01)
    link = Link(sender)
    call = asyncio.ensure_future(link.call("GET"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await link.close()
    assert await call == ("GET",)
    assert sender.closed


async def test_forgotten_scripts_are_sent_again(bench: Bench) -> None:
    """After SCRIPT FLUSH, or on a new master, the same call works, at the cost of one trip."""
    await bench.store.accept(bench.address, Inboxed("E1", "x"))
    await bench.store.link.call("SCRIPT", "FLUSH")
    before = bench.store.link.trips
    await bench.store.accept(bench.address, Inboxed("E2", "x"))
    assert bench.store.link.trips == before + 2


async def test_a_turn_is_two_trips(bench: Bench) -> None:
    """Once the scripts are known, a text is accepted in one trip and its turn committed in another."""
    warm = await bench.grant("E1", "T1")
    await bench.commit(warm, Commit(document="d", consumed=1))
    before = bench.store.link.trips
    grant = await bench.grant("E2", "T2")
    await bench.commit(grant, Commit(document="d", consumed=1))
    assert bench.store.link.trips == before + 2


@pytest.mark.parametrize("name", NAMES)
async def test_scripts_keep_to_what_all_servers_have(name: str) -> None:
    """No script uses a library that the embedded server lacks, and lines stay short enough to read."""
    source = script(name).source
    for word in ("cjson", "cmsgpack", "struct.", "bit.", "#!lua", "sha1hex", "loadstring"):
        assert word not in source
