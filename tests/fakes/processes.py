"""Several processes of the house on one store, with a carrier and an assistant of one list each.

No HTTP here: events go in at `Runner`, effects come out at `FakeCarrier`. A process may die, freeze or
lose its store at any call that leaves it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from fakeredis import FakeServer

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError, StoreUnavailable
from orchestrator.core.events import AssistantReplied, CallStarted, TextReceived
from orchestrator.core.items import Item, Text
from orchestrator.core.numbers import E164
from orchestrator.core.session import Session, from_document
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules
from orchestrator.ports import Address, Standby
from orchestrator.runner import House, Line, Runner
from orchestrator.store import RedisStore, memory_store
from orchestrator.timers import Ticker
from tests.fakes.carrier import FakeCarrier
from tests.fakes.clock import FakeClock, settle

OURS = E164("+19585550123")
ANA = "+15550101234"


@dataclass
class Life:
    """Of one process. `ends_at` is the call that is its last, `before` or `after` it was made; while
    `thawed` is not set every call waits, which begins at `freezes_at`; calls named in `failing` raise, as often as they stand there.
    """

    ends_at: tuple[str, str] = ("", "")
    freezes_at: tuple[str, str] = ("", "")
    dead: bool = False
    failing: list[str] = field(default_factory=list)
    thawed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Begins thawed."""
        self.thawed.set()

    async def through(self, name: str, make: Callable[[], Awaitable[Any]]) -> Any:
        """One call that leaves the process."""
        await self.thawed.wait()
        await self._end(name, "before")
        if name in self.failing:
            self.failing.remove(name)
            raise StoreUnavailable("away")
        answer = await make()
        await self.thawed.wait()
        await self._end(name, "after")
        return answer

    async def _end(self, name: str, when: str) -> None:
        if self.freezes_at == (name, when):
            self.freezes_at = ("", "")
            self.thawed.clear()
            await self.thawed.wait()
        self.dead = self.dead or self.ends_at == (name, when)
        if self.dead:
            await asyncio.get_running_loop().create_future()  # nothing comes back from there


class Lived:
    """A store, an assistant or a carrier as one process reaches it."""

    def __init__(self, life: Life, name: str, target: Any) -> None:
        self._life, self._name, self._target = life, name, target

    def __getattr__(self, method: str) -> Any:
        """The target's method; coroutines go through the process's life."""
        found = getattr(self._target, method)
        if not asyncio.iscoroutinefunction(found):
            return found
        return lambda *args, **named: self._life.through(
            f"{self._name}.{method}", lambda: found(*args, **named)
        )


class FakeAssistant:
    """Answers each turn from `answers`, then with "answer N". `gate` holds answers back while unset."""

    def __init__(self) -> None:
        self.asked: list[AskAssistant] = []
        self.answers: list[tuple[Item, ...] | AssistantError | Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, ask: AskAssistant, heard: object = None) -> AssistantReplied:
        """The next answer."""
        self.asked.append(ask)
        number = len({turn.turn_id for turn in self.asked})
        await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else (Text(text=f"answer {number}"),)
        if isinstance(answer, Exception):
            raise answer
        return AssistantReplied(id=f"reply:{ask.turn_id}", at=0.0, turn_id=ask.turn_id, items=answer)

    async def close(self) -> None:
        """Nothing is held."""

    @property
    def turns(self) -> list[str]:
        """The distinct turns, in the order they were first asked."""
        return list(dict.fromkeys(turn.turn_id for turn in self.asked))


class Process:
    """One process of the house."""

    def __init__(self, town: Town, assistant: str) -> None:
        self.life = Life()
        self.store: Any = Lived(self.life, "store", town.new_store())
        line = Line(
            rules=town.rules,
            assistant=Lived(self.life, "assistant", town.assistant),
            texts=Lived(self.life, "carrier", town.carrier),
            calls=Lived(self.life, "carrier", town.carrier),
            delivery=town.delivery,
            reconcile_after=town.reconcile_after,
            senders=town.first_numbers,
            standby=Standby(Lived(self.life, "second", town.second), town.second_numbers, town.second_numbers)
            if town.second_numbers
            else None,
        )
        self.house = House(self.store, {assistant: line}, town.clock)
        self.runner = Runner(self.house)
        self.ticker = Ticker(self.house, self.runner, self.store)

    async def close(self) -> None:
        """Drop what runs, without a last word."""
        self.life.dead = True
        for task in set(self.house.tasks):
            task.cancel()
        await settle()


class Town:
    """One store, one clock, one carrier, one assistant; `process()` makes one that shares them."""

    def __init__(
        self, *, delivery: str = "at_least_once", reconcile_after: float = 20.0, **messaging: Any
    ) -> None:
        self.clock = FakeClock()
        self.delivery = delivery
        self.reconcile_after = reconcile_after
        self.server = FakeServer()
        self.assistant = FakeAssistant()
        self.carrier = FakeCarrier(self.clock)
        self.second, self.second_numbers = FakeCarrier(self.clock), tuple[E164, ...]()
        self.rules = Rules(
            assistant="support",
            phone=PhoneRules(numbers=(OURS,)),
            messaging=MessagingRules(numbers=(OURS,), **messaging),
        )
        self.store = self.new_store()
        self.processes: list[Process] = []

    @property
    def first_numbers(self) -> tuple[E164, ...]:
        """Those that the second account has not."""
        ours = self.rules.messaging.numbers if self.rules.messaging else ()
        return tuple(number for number in ours if number not in self.second_numbers)

    def new_store(self) -> RedisStore:
        """A client of the one store."""
        return memory_store(clock=self.clock.now, server=self.server)

    def process(self, assistant: str = "support") -> Process:
        """A new process that is configured for this assistant."""
        made = Process(self, assistant)
        self.processes.append(made)
        return made

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self.processes:
            await process.close()

    @property
    def address(self) -> Address:
        """Where Ana lives."""
        return self.store.address("support", ANA)

    def text(self, body: str, sid: str = "") -> TextReceived:
        """A text of Ana's."""
        name = sid or f"SM-{body}"
        return TextReceived(id=name, at=self.clock.now(), message_sid=name, number=OURS, body=body)

    def call(self, sid: str = "CA1") -> CallStarted:
        """A call of Ana's."""
        return CallStarted(id=f"{sid}:start", at=self.clock.now(), call_sid=sid, number=OURS)

    async def idle(self) -> None:
        """Until nothing can run without the clock."""
        for _ in range(8):
            await settle()

    async def pass_time(self, seconds: int) -> None:
        """Second by second; every process that lives looks for due work."""
        for _ in range(seconds):
            await self.clock.advance(1)
            for process in self.processes:
                if not process.life.dead and process.life.thawed.is_set():
                    await process.ticker.look()
            await self.idle()

    async def session(self) -> Session:
        """Ana's session as committed."""
        document = await self.store.document(self.address)
        assert document is not None
        return from_document(document)

    async def left(self) -> list[str]:
        """What is still due, timers of the session aside."""
        await self.clock.advance(3)
        found = [due for p in range(self.store.partitions) for due in await self.store.poll(p)]
        return [f"{due.kind}:{due.name}" for due in found if due.kind != "t"]
