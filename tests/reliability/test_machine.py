"""People, the bot, the carrier and the processes do whatever they like, in any order; the invariants hold.

Hypothesis finds the order and shrinks it; virtual time makes an hour of it milliseconds.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from orchestrator.core.errors import AssistantError
from tests.reliability import virtual
from tests.reliability.gate import FREEZE
from tests.reliability.invariants import INVARIANTS, texts_are_answered
from tests.reliability.people import Call, Person
from tests.reliability.stage import Stage

MOST_DEATHS = 3
"""A process that keeps dying is the poison's matter."""
WORDS = st.sampled_from(["plain", "three", "ask", "slow", "slower", "fail", "switch", "close"])
UNANSWERED = {texts_are_answered.__name__}
"""Holds only where nobody opts out, fails or is refused: the matrix proves it."""


class Conversation(RuleBasedStateMachine):
    """Ana, who has one phone, and an office, where two may call at once."""

    def __init__(self) -> None:
        super().__init__()
        self.before = structlog.get_config()
        self.loop = virtual.VirtualLoop()
        self.count = 0
        self.stopped: set[int] = set()
        self.deaths = 0

    @initialize()
    def begin(self) -> None:
        """A quiet world."""
        self.run(self._begin())

    async def _begin(self) -> None:
        self.stage = Stage()
        self.stage.bot.slow = {"slow": 5.0, "slower": 20.0}
        self.stage.bot.broken = {"fail": AssistantError("timeout")}
        self.people = [Person(self.stage), Person(self.stage, "+15550105678")]

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in virtual time."""
        self.loop.run_until_complete(work)

    def unique(self, kind: str) -> str:
        """Words that were never said before."""
        self.count += 1
        return f"{kind} {self.count}"

    def live(self, person: Person) -> list[Call]:
        """The calls of a person that are up."""
        return [call for call in person.calls if not call.over]

    @rule(who=st.integers(0, 1), kind=WORDS)
    def text(self, who: int, kind: str) -> None:
        """A text comes in."""
        self.run(self.people[who].text(self.unique(kind)))

    @rule(who=st.integers(0, 1))
    def keyword(self, who: int) -> None:
        """STOP comes in, or START from who said STOP."""
        word = "START" if who in self.stopped else "STOP"
        self.stopped ^= {who}
        self.run(self.people[who].text(word, self.unique("SMkeyword")))

    @rule(who=st.integers(0, 1))
    def call(self, who: int) -> None:
        """Somebody calls; from the office two may at once."""
        if len(self.live(self.people[who])) <= who:
            self.run(self.people[who].call(self.unique("CA").replace(" ", "")))

    @rule(who=st.integers(0, 1), which=st.integers(0, 1), kind=WORDS)
    def say(self, who: int, which: int, kind: str) -> None:
        """A caller speaks."""
        if len(calls := self.live(self.people[who])) > which:
            self.run(self.people[who].say(calls[which], self.unique(kind)))

    @rule(who=st.integers(0, 1), which=st.integers(0, 1))
    def hang_up(self, who: int, which: int) -> None:
        """A caller hangs up."""
        if len(calls := self.live(self.people[who])) > which:
            self.run(self.people[who].hang_up(calls[which]))

    @rule(words=st.lists(st.sampled_from(["ok", "429", "500", "500 taken", "30006"]), max_size=3))
    def carrier_troubles(self, words: list[str]) -> None:
        """The next texts are refused, put off, or lost on the way."""
        self.stage.carrier.script = list(words)

    @rule(seconds=st.sampled_from([0.3, 3.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        """Nothing is done, and what is due is seen to."""
        self.run(self.stage.work_off(timers_within=seconds, horizon=seconds))

    @precondition(lambda self: self.deaths < MOST_DEATHS and self.ups() > 1)
    @rule()
    def process_dies(self) -> None:
        """The process that works is killed, another is started."""
        self.deaths += 1
        self.run(self._do(self.stage.kill))

    @precondition(lambda self: self.deaths < MOST_DEATHS and self.ups() > 1)
    @rule()
    def process_freezes(self) -> None:
        """The process that works stands still for longer than a lease."""
        self.deaths += 1
        self.run(self._do(self._freeze))

    async def _do(self, act: Any) -> None:
        act()

    def _freeze(self) -> None:
        next(each for each in self.stage.processes if each.gate.is_up).gate.thaw_at = virtual.now() + FREEZE

    def ups(self) -> int:
        """How many processes are up."""

        async def count() -> int:
            return sum(process.gate.is_up for process in self.stage.processes)

        return self.loop.run_until_complete(count()) if hasattr(self, "stage") else 0

    def teardown(self) -> None:
        """All hang up, the work is done, and everything that must hold does."""
        if not hasattr(self, "stage"):
            return
        try:
            self.run(self._end())
            faults = [
                f"{check.__name__}: {fault}"
                for check in INVARIANTS
                if check.__name__ not in UNANSWERED
                for fault in check(self.stage, self.people)
            ]
        finally:
            self.stage.bury()
            self.run(virtual.drop_all())
            self.loop.close()
            structlog.configure(**self.before)
        assert not faults, "\n".join(faults)

    async def _end(self) -> None:
        self.stage.faults = [fault for fault in self.stage.faults if "come to an end" not in fault]
        for person in self.people:
            for call in self.live(person):
                await person.hang_up(call)
        await self.stage.work_off(timers_within=400.0)


Conversation.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=25,
    derandomize=True,
    phases=(Phase.generate,),  # an example is replayed by its steps; shrinking would take minutes
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestConversation = pytest.mark.timeout(240)(Conversation.TestCase)
