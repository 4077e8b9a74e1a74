"""One run: two processes of the house on one store, the world around them, and virtual time.

Process 0 meets the trouble; process 1 is well. The carrier goes to process 0 while it answers, and
repeats a request that got no answer, as its connection overrides say (`rc=3&rp=5xx,ct,rt`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

import structlog
from fakeredis import FakeServer, FakeStrictRedis

from orchestrator.core.errors import OverloadedError, StoreUnavailable
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules
from orchestrator.desk import DeskOfHouse
from orchestrator.ports import Clock
from orchestrator.runner import House, Line, Runner
from orchestrator.store import RedisStore, memory_store
from orchestrator.timers import Ticker
from tests.reliability import virtual
from tests.reliability.gate import Gate, Gated, Trouble
from tests.reliability.ledger import Ledger, Witness
from tests.reliability.outside import Bot, Exchange, assistant_trouble, carrier_trouble

T = TypeVar("T")
NUMBER = "+19585550123"
ANSWER_WITHIN = 15.0
"""Twilio reads for 15 s at most: webhook connection overrides."""
TRIES = 4
"""The first request and three repeats: `rc=3`."""


class LostError(Exception):
    """The carrier gave up: no process answered a request."""


class GateClock(Clock):
    """Time for one process: a sleeper of a frozen process wakes when it goes on."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def now(self) -> float:
        """Unix seconds."""
        return virtual.now()

    async def sleep(self, seconds: float) -> None:
        """Until that much time has passed."""
        await asyncio.sleep(max(seconds, 0.0))
        await self._gate.hold()


class Process:
    """One worker: its own memory and connection, the store of all."""

    def __init__(self, stage: Stage, trouble: Trouble | None) -> None:
        self.gate = Gate(trouble)
        self.store: RedisStore = memory_store(clock=virtual.now, server=stage.server, partitions=1)
        witness = Witness(self.store, stage.ledger)
        store = Gated(self.gate, "store", witness, lambda: StoreUnavailable("trouble"))
        texts = Gated(self.gate, "carrier", stage.carrier, carrier_trouble)
        assistant = Gated(self.gate, "assistant", stage.bot, assistant_trouble)
        line = Line(stage.rules, assistant, texts, texts, delivery=stage.delivery)
        self.house = House(store, {"support": line}, GateClock(self.gate))
        self.runner = Runner(self.house)
        self.ticker = Ticker(self.house, self.runner, store)
        self.desk = DeskOfHouse(self.house, self.runner, store)

    @property
    def busy(self) -> bool:
        """Whether something runs here, or will when it thaws."""
        return not self.gate.dead.is_set() and bool(self.house.tasks)


class Stage:
    """`async with`-less: `virtual.run(play(stage))`. See `scenarios.py` for what is played."""

    def __init__(
        self,
        trouble: Trouble | None = None,
        *,
        messaging: dict[str, Any] | None = None,
        delivery: str = "at_least_once",
    ) -> None:
        numbers = (NUMBER,)
        self.rules = Rules(
            assistant="support",
            phone=PhoneRules(numbers=numbers),  # type: ignore[arg-type]  # E164 is a str
            messaging=MessagingRules(numbers=numbers, **(messaging or {})),  # type: ignore[arg-type]  # E164 is a str
        )
        self.delivery = delivery
        self.ledger = Ledger()
        self.bot = Bot()
        self.bot.kill = self.kill
        self.carrier = Exchange(self.ledger, tell=self._status)
        self.server = FakeServer()
        self.redis: Any = FakeStrictRedis(server=self.server)  # its answers are typed for either decoding
        self.processes = [Process(self, trouble), Process(self, None)]
        self.faults: list[str] = []
        self.expected_failures: frozenset[str] = frozenset()
        self.acknowledged: list[str] = []
        self.errands: set[asyncio.Task[Any]] = set()
        structlog.configure(processors=[self._listen], cache_logger_on_first_use=False)

    @property
    def troubled(self) -> Gate:
        """The gate of the process that meets the trouble."""
        return self.processes[0].gate

    def spawn(self, work: Awaitable[Any]) -> None:
        """Something that the world does by itself; the run is not over before it is done."""
        task = asyncio.ensure_future(work)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)

    def bury(self) -> None:
        """The run is over: nothing of it reaches the world any more."""
        for process in self.processes:
            process.gate.buried = True

    # ---- the carrier's side ----------------------------------------------------------------------
    async def webhook(self, send: Callable[[Process], Awaitable[T]], *, repeats_5xx: bool = True) -> T:
        """Bring something to a process that answers; again where none did."""
        for attempt in range(TRIES):
            process = next(process for process in self.processes if process.gate.is_up)
            try:
                return await self._answered(process, send)
            except (StoreUnavailable, OverloadedError):
                if not repeats_5xx:
                    raise
            except (ConnectionError, TimeoutError):
                pass
            await asyncio.sleep(1.0 + attempt)
        raise LostError

    async def _answered(self, process: Process, send: Callable[[Process], Awaitable[T]]) -> T:
        asked = asyncio.ensure_future(send(process))
        died = asyncio.ensure_future(process.gate.dead.wait())
        await asyncio.wait({asked, died}, timeout=ANSWER_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        died.cancel()
        if asked.done():
            return asked.result()
        asked.add_done_callback(lambda task: task.cancelled() or task.exception())
        raise ConnectionError if process.gate.dead.is_set() else TimeoutError

    async def _status(self, customer: str, entry: str, sid: str, status: str) -> None:
        await self.webhook(
            lambda process: process.runner.delivery(
                customer_key=customer, entry=entry, message_sid=sid, status=status, code=0
            )
        )

    def kill(self) -> None:
        """The first process that is up dies; its supervisor starts another."""
        next(process for process in self.processes if process.gate.is_up).gate.dead.set()
        self.processes.append(Process(self, None))

    # ---- time ------------------------------------------------------------------------------------
    async def work_off(self, *, timers_within: float = 0.0, horizon: float = 600.0) -> None:
        """Let both processes look at what is due until there is nothing more to do."""
        end = virtual.now() + horizon
        patience = virtual.now() + timers_within
        while virtual.now() < end:
            await asyncio.sleep(0.02)
            due = self._next_due(patience)
            busy = self._busy()
            if due is None and not busy:
                return
            wait = 1.0 if busy or due is None else max(due - virtual.now(), 0.0) + 0.001
            await asyncio.sleep(wait)
            await self._look()
        self.faults.append("the run does not come to an end")

    def _busy(self) -> bool:
        return bool(self.errands or self.carrier.errands) or any(each.busy for each in self.processes)

    def _next_due(self, patience: float) -> float | None:
        moments = [
            score / 1000
            for member, score in self.redis.zrange("tandem:{0}:due", 0, -1, withscores=True)
            if not member.startswith(b"t:") or score / 1000 <= patience
        ]
        return min(moments, default=None)

    async def _look(self) -> None:
        """The first process that is up looks first; what it takes is hidden from the other."""
        for process in self.processes:
            if process.gate.is_up:
                looking = asyncio.ensure_future(process.ticker.look())
                await asyncio.wait({looking}, timeout=0.02)
                if looking.done():
                    looking.exception()
                else:
                    looking.add_done_callback(lambda task: task.cancelled() or task.exception())

    def _listen(self, _logger: Any, _method: str, line: MutableMapping[str, Any]) -> Any:
        """The log is where a background failure shows: what no trouble explains is a fault."""
        if line["event"] == "task.failed" and line["error"] not in {
            "StoreUnavailable",
            *self.expected_failures,
        }:
            self.faults.append(f"{line['task']} failed with {line['error']}")
        raise structlog.DropEvent
