"""The breaker around an assistant: it opens, tries one turn, and closes."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.assistants.bounded import BoundedAssistant
from orchestrator.assistants.breaker import Breaker, GuardedAssistant, State
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from tests.fakes.clock import FakeClock, settle

pytestmark = pytest.mark.anyio
DOWN = AssistantError("status_500")


class Bot:
    """Fails with `error` while there is one; `gate` holds every answer back while it is not set."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, ask: AskAssistant, heard: object = None) -> AssistantReplied:
        """Answer nothing, or fail."""
        self.asked.append(ask.turn_id)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return AssistantReplied(id="r", at=0.0, turn_id=ask.turn_id)

    async def close(self) -> None:
        """Nothing is held."""


class Guarded:
    """A bot behind a breaker of three failures and a pause of five seconds; so many turns are asked at once."""

    def __init__(self, failures: int = 3, places: int = 64) -> None:
        self.clock, self.bot = FakeClock(), Bot()
        self.states: list[State] = []
        self.breaker = Breaker(self.clock, failures=failures, pause=5.0, tell=self.states.append)
        inner = GuardedAssistant(self.bot, self.breaker, self.clock, limit=60.0)
        self.assistant = BoundedAssistant(inner, concurrent=places, waiting=64, arrive=self.breaker.arrive)

    def ask(self, name: str = "t", *, live: bool = True) -> asyncio.Task[AssistantReplied]:
        """A turn, begun."""
        return asyncio.ensure_future(self.assistant.ask(AskAssistant(turn_id=name, request={}, live=live)))

    async def outcome(self, turn: asyncio.Task[AssistantReplied]) -> str:
        """How a turn ended: `ok`, or the reason."""
        try:
            await turn
        except AssistantError as error:
            return error.reason
        return "ok"

    async def break_it(self) -> None:
        """Open it."""
        self.bot.error = DOWN
        for _ in range(3):
            assert await self.outcome(self.ask()) == "status_500"
        self.bot.asked.clear()


async def test_it_opens_after_failures_in_a_row() -> None:
    """Two failures and an answer begin the count anew; three in a row open it, and nobody is asked."""
    on = Guarded()
    on.bot.error = DOWN
    await on.outcome(on.ask())
    await on.outcome(on.ask())
    on.bot.error = None
    assert await on.outcome(on.ask()) == "ok"
    await on.break_it()
    assert on.states == ["open"]
    assert await on.outcome(on.ask()) == "breaker_open"
    with pytest.raises(AssistantError, match="breaker_open"):
        on.breaker.arrive(AskAssistant(turn_id="t", request={}, live=True))
    assert on.bot.asked == []


async def test_one_turn_is_the_trial() -> None:
    """After the pause one caller is asked; others are refused until its answer closes the breaker."""
    on = Guarded()
    await on.break_it()
    on.bot.error = None
    await on.clock.advance(5)
    on.bot.gate.clear()
    trial = on.ask("trial")
    await settle()
    assert await on.outcome(on.ask("other")) == "breaker_open"
    on.bot.gate.set()
    assert await on.outcome(trial) == "ok"
    assert await on.outcome(on.ask("next")) == "ok"
    assert on.bot.asked == ["trial", "next"]
    assert on.states == ["open", "trial", "closed"]


async def test_a_failed_trial_begins_the_pause_anew() -> None:
    """Nobody is asked for five more seconds."""
    on = Guarded()
    await on.break_it()
    await on.clock.advance(5)
    assert await on.outcome(on.ask("trial")) == "status_500"
    await on.clock.advance(4.9)
    assert await on.outcome(on.ask("early")) == "breaker_open"
    await on.clock.advance(0.1)
    on.bot.error = None
    assert await on.outcome(on.ask("second")) == "ok"
    assert on.bot.asked == ["trial", "second"]
    assert on.states == ["open", "trial", "open", "trial", "closed"]


async def test_texts_wait_for_one_trial() -> None:
    """The first is the trial; when it succeeds all are asked, when it fails none is."""
    on = Guarded()
    await on.break_it()
    on.bot.error = None
    texts = [on.ask(str(place), live=False) for place in range(3)]
    await on.clock.advance(4)
    assert on.bot.asked == []
    await on.clock.advance(1)
    assert [await on.outcome(text) for text in texts] == ["ok"] * 3
    assert on.bot.asked[0] in {"0", "1", "2"}
    await on.break_it()
    texts = [on.ask(str(place), live=False) for place in range(3)]
    await on.clock.advance(5)
    outcomes = sorted([await on.outcome(text) for text in texts])
    assert outcomes == ["breaker_open", "breaker_open", "status_500"]
    assert len(on.bot.asked) == 1


async def test_a_text_waits_for_one_trial_however_few_places_there_are() -> None:
    """With one place the others wait for it outside: the trial that fails is theirs as well, and none waits anew."""
    on = Guarded(places=1)
    await on.break_it()
    texts = [on.ask(str(place), live=False) for place in range(3)]
    await on.clock.advance(5)
    assert sorted([await on.outcome(text) for text in texts]) == [
        "breaker_open",
        "breaker_open",
        "status_500",
    ]
    assert len(on.bot.asked) == 1
    late = on.ask("late", live=False)
    on.bot.error = None
    await on.clock.advance(5)
    assert await on.outcome(late) == "ok"


async def test_a_text_that_waits_for_a_place_is_asked_once_the_trial_succeeds() -> None:
    """The assistant is back: those behind the trial are asked one after the other."""
    on = Guarded(places=1)
    await on.break_it()
    on.bot.error = None
    texts = [on.ask(str(place), live=False) for place in range(3)]
    await on.clock.advance(5)
    assert [await on.outcome(text) for text in texts] == ["ok"] * 3
    assert on.bot.asked == ["0", "1", "2"]


async def test_a_trial_that_nobody_waits_for_is_none() -> None:
    """The caller hung up in the middle of it: the next turn is the trial."""
    on = Guarded()
    await on.break_it()
    await on.clock.advance(5)
    on.bot.gate.clear()
    trial = on.ask("gone")
    await settle()
    trial.cancel()
    await settle()
    on.bot.gate.set()
    on.bot.error = None
    assert await on.outcome(on.ask("next")) == "ok"
    assert on.breaker.state == "closed"


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (AssistantError("timeout"), True),
        (AssistantError("unreachable"), True),
        (AssistantError("malformed", retryable=False), False),
        (AssistantError("status_400", retryable=False), False),
        (AssistantError("max_turns", retryable=False), False),
    ],
)
async def test_only_a_failing_assistant_counts(error: AssistantError, counts: bool) -> None:
    """A turn that it refused, or a budget that is spent, says nothing about the next one."""
    on = Guarded()
    on.bot.error = error
    for _ in range(9):
        await on.outcome(on.ask())
    assert (on.breaker.state == "open") is counts


async def test_a_broken_adapter_counts() -> None:
    """An error that is no `AssistantError` is raised on, and counted."""
    on = Guarded(failures=1)
    on.bot.error = KeyError("bug")
    with pytest.raises(KeyError):
        await on.ask()
    assert on.breaker.state == "open"


async def test_it_can_be_left_out() -> None:
    """With 0 failures the assistant is always asked."""
    on = Guarded(failures=0)
    on.bot.error = DOWN
    for _ in range(20):
        assert await on.outcome(on.ask()) == "status_500"
    assert on.states == []


async def test_answers_that_come_late_do_not_move_the_pause() -> None:
    """Turns that were asked before it opened fail after: the pause is over when it was to be; one that is answered
    closes it.
    """
    on = Guarded()
    on.bot.gate.clear()
    late = [on.ask(str(place)) for place in range(5)]
    await settle()
    on.bot.error = DOWN
    on.bot.gate.set()
    await asyncio.gather(*late, return_exceptions=True)
    assert on.states == ["open"]
    on.bot.error = None
    await on.clock.advance(5)
    assert await on.outcome(on.ask()) == "ok"


async def test_a_turn_has_a_limit_whatever_it_does() -> None:
    """An adapter that never comes back is given up, and counted."""
    on = Guarded(failures=1)
    on.bot.gate.clear()
    turn = on.ask()
    await on.clock.advance(61)
    assert await on.outcome(turn) == "timeout"
    assert on.breaker.state == "open"
