"""Time that is put forward: what is due on the way happens, in its order, as if it had passed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest

from channels.simulator.handset import Handset
from orchestrator.app import Service
from orchestrator.app.clock import MovableClock
from orchestrator.app.moving import LONGEST, Mover
from orchestrator.cli.demo import ANA
from orchestrator.core.session import from_document
from orchestrator.core.states import joint_state
from orchestrator.ports.simulation import CannotError
from tests.app.simulated import served_demo

pytestmark = pytest.mark.anyio
OURS = "+19585550123"
DAY = 86_400.0


async def nothing_due() -> None:
    """A store in which nothing waits."""


def mover(clock: MovableClock, is_busy: Callable[[], bool] = lambda: False) -> Mover:
    """A mover of this clock alone."""
    return Mover(clock, next_due=nothing_due, is_busy=is_busy)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """The demo's service, really served."""
    async with served_demo() as made:
        yield made


async def state(service: Service) -> str:
    """The state of Ana's session."""
    document = await service.store.document(service.store.address("support", ANA))
    return joint_state(from_document(document)) if document else "idle"


def phone(service: Service) -> Handset:
    """Ana's."""
    assert service.carrier is not None
    return service.carrier.handset(ANA)


async def advance(service: Service, seconds: float) -> float:
    """Let time pass; the real seconds that it took."""
    assert service.phones is not None
    began = time.monotonic()
    await service.phones.advance(seconds)
    return time.monotonic() - began


async def test_sleepers_wake_when_their_moment_is_passed_over() -> None:
    """Those whose moment has not come sleep on, for what is left."""
    clock = MovableClock()
    short, long = asyncio.ensure_future(clock.sleep(100)), asyncio.ensure_future(clock.sleep(1000))
    await asyncio.sleep(0)
    clock.jump(500)
    await asyncio.wait_for(short, 1)
    assert not long.done()
    assert [round(sleeper.until - clock.now()) for sleeper in clock.sleepers] == [500]
    long.cancel()


async def test_a_clock_runs_by_itself_and_never_back() -> None:
    """Ahead of the machine's time by what it was moved."""
    clock = MovableClock()
    clock.jump(-50)
    assert clock.now() == pytest.approx(time.time(), abs=1)
    clock.jump(3600)
    assert clock.now() == pytest.approx(time.time() + 3600, abs=1)
    await asyncio.wait_for(clock.sleep(0.01), 1)


async def test_what_is_due_happens_in_its_order() -> None:
    """Each wakes at its own moment, and what follows from it comes before the next."""
    clock, seen = MovableClock(), list[tuple[str, int]]()
    began = clock.now()

    async def act(name: str, *pauses: float) -> None:
        for pause in pauses:
            await clock.sleep(pause)
            seen.append((name, round(clock.now() - began)))

    tasks = [asyncio.ensure_future(act("a", 10, 5, 30)), asyncio.ensure_future(act("b", 12, 6))]
    await asyncio.sleep(0)
    await mover(clock).advance(60)
    assert seen == [("a", 10), ("b", 12), ("a", 15), ("b", 18), ("a", 45)]
    assert all(task.done() for task in tasks)


async def test_time_does_not_go_on_while_something_is_done() -> None:
    """A step waits for what the last one set off, as far as patience goes."""
    clock, busy = MovableClock(), [False]
    ends: list[float] = []

    async def work() -> None:
        await clock.sleep(10)
        busy[0] = True
        began = clock.now()
        await asyncio.sleep(0.1)
        ends.append(clock.now() - began)
        busy[0] = False

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    await mover(clock, lambda: busy[0]).advance(1000)
    assert task.done()
    assert ends[0] < 2


@pytest.mark.parametrize("seconds", [0, -1, LONGEST + 1, float("nan")])
async def test_a_move_has_bounds(seconds: float) -> None:
    """Forward, and by a week at most."""
    with pytest.raises(CannotError):
        await mover(MovableClock()).advance(seconds)


async def test_one_moves_at_a_time() -> None:
    """A second one is refused, not mixed in."""
    clock = MovableClock()
    one = mover(clock)
    first = asyncio.ensure_future(one.advance(5))
    await asyncio.sleep(0)
    with pytest.raises(CannotError):
        await one.advance(5)
    await first


async def test_a_silent_caller_is_asked_again_and_let_go(service: Service) -> None:
    """Half a minute of silence, moved in one go, is three silent turns, as it is when it passes."""
    ana = phone(service)
    await ana.call(OURS)
    await ana.is_asked()
    took = await advance(service, 30)
    await ana.is_over()
    assert [words for words in ana.spoken if "still" in words] == [
        "Are you still there?",
        "I can still hear you if you speak up.",
    ]
    heard = [line.at for line in ana.heard]
    assert heard == sorted(heard)
    assert heard[-1] - heard[0] > 14
    assert took < 10
    assert service.carrier is not None
    assert service.carrier.faults == []


async def test_a_call_over_a_socket_keeps_its_times_too() -> None:
    """The socket looks once a second what is due; silences there are as many and as long, each after
    the time that the words before take.
    """
    async with served_demo(engine="relay") as service:
        ana = phone(service)
        await ana.call(OURS)
        await ana.hears("How can I help?")
        await ana.is_asked()
        await advance(service, 26)
        await ana.hang_up()
        asked = [line.at for line in ana.heard if "still" in line.text]
        assert len(asked) == 2
        assert 7 < asked[1] - asked[0] < 14


async def test_a_wait_for_a_text_is_reminded_of_and_ends(service: Service) -> None:
    """Both timers of one move, each at its time."""
    ana = phone(service)
    await ana.call(OURS)
    await ana.say("I moved house")
    await ana.receives("address")
    await ana.is_asked()
    asked_at = service.clock.now()
    await advance(service, 125)
    reminded, gone = await ana.hears("Take your time"), await ana.hears("No text has come")
    assert reminded.at - asked_at == pytest.approx(40, abs=2)
    assert gone.at - asked_at == pytest.approx(120, abs=2)


async def test_a_thread_ends_after_a_day(service: Service) -> None:
    """A day in one move, in about as many steps as things happen."""
    ana = phone(service)
    await ana.text("hello", to=OURS)
    await ana.receives("How can we help?")
    await advance(service, DAY - 60)
    assert await state(service) == "text_only"
    took = await advance(service, 120)
    assert await state(service) == "ended"
    assert took < 10


async def test_what_is_written_is_on_the_log_of_all_sessions(service: Service) -> None:
    """Before and after a move, each line once and in order."""
    ana = phone(service)
    _, place = await service.store.log()
    await ana.text("hello", to=OURS)
    await ana.receives("How can we help?")
    await advance(service, 3600)
    await ana.text("where is your shop", to=OURS)
    await ana.receives("Elm Road")
    await asyncio.sleep(0.3)
    found, _ = await service.store.log(place)
    kinds = [str(line.line["type"]) for line in found]
    assert kinds.count("text_received") == 2
    assert [line.line["at"] for line in found] == sorted(line.line["at"] for line in found)
