"""One play from beginning to end: a loop of its own, the service on it, the lines, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from channels.simulator.handset import HandsetError
from orchestrator.assistants.scripted import TRACE
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.stage.bot import PlayBot
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.configuration import Configuration, settings_of
from orchestrator.scenarios.stage.director import Director
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.given import set_up
from orchestrator.scenarios.stage.loop import StuckError, VirtualLoop
from orchestrator.scenarios.stage.outcome import Failure, Outcome
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.service import Staged
from orchestrator.scenarios.stage.store import Server
from orchestrator.scenarios.stage.story import Story
from orchestrator.scenarios.stage.wire import Wires

LAST = 12
"""Happenings that a failure shows."""
TRIES = 3
"""How often what does not end is told to."""


@dataclass(frozen=True, slots=True)
class House:
    """What the service of a play consists of: its workers, and the address of a real Redis that they share, or
    fakeredis if that is empty.
    """

    redis_url: str = ""
    workers: int = 1


def run(
    play: Play,
    configuration: Configuration | None = None,
    *,
    live: str = "",
    recording: Sequence[Mapping[str, Any]] | None = None,
    house: House | None = None,
) -> Outcome:
    """Perform a play. `live` names the assistant of the configuration that answers itself; a `recording`
    holds the answers of one, as the bodies that it sent, in the order of its turns. With either, `bot` lines
    are checks only; else the play gives its answers. `house` is what the service consists of.
    """
    if play.skip:
        return Outcome(play, "skipped", reason=play.skip)
    began = time.perf_counter()
    loop = VirtualLoop()
    stage = Performance(play, configuration or Configuration(), live, recording, loop, house or House())
    try:
        with logged(stage):
            failure = stage.perform()
    finally:
        loop.close()
    return stage.outcome(failure, time.perf_counter() - began)


class Performance:
    """One run."""

    def __init__(
        self,
        play: Play,
        configuration: Configuration,
        live: str,
        recording: Sequence[Mapping[str, Any]] | None,
        loop: asyncio.AbstractEventLoop,
        house: House,
    ) -> None:
        self._recording = recording
        self._house = house
        self.story: Story | None = None
        self.play = play
        self._configuration = configuration
        self._live = live
        self._loop = loop
        self.scene: Scene | None = None

    def perform(self) -> Failure | None:
        """Why it failed, or None."""
        try:
            self._loop.run_until_complete(self._perform())
        except FailedError as error:
            return self._failure(error)
        except HandsetError as error:
            return self._failure(FailedError(self._here(), str(error).partition(";")[0]))
        except StuckError as error:
            self._give_up()
            return self._failure(FailedError(self._here(), str(error)))
        except Exception as error:  # noqa: BLE001 - what breaks the stage itself is told as any other failure
            told = f"the play could not be performed: {type(error).__name__}: {error}"
            return self._failure(FailedError(self._here(), told, got=_where(error)))
        return None

    def _give_up(self) -> None:
        """End what is left of a play that does not go on."""
        for _ in range(TRIES):
            left = asyncio.all_tasks(self._loop)
            if not left:
                return
            for task in left:
                task.cancel()
            with suppress(StuckError, asyncio.CancelledError):
                self._loop.run_until_complete(asyncio.wait(left))

    async def _perform(self) -> None:
        name, settings = settings_of(self.play, self._configuration, self._live)
        assert isinstance(self._loop, VirtualLoop)  # noqa: S101 - a play in real time has a `_perform` of its own
        clock = VirtualClock(self._loop, self.play.clock, self.play.zone)
        bot = PlayBot(clock.now, self._recording)
        wires = Wires(self._loop, settings.service.public_url, bot)
        folder = Path(self._configuration.name).parent
        server = Server(clock, self._house.redis_url)
        staged = Staged(name, settings, clock, wires, server, folder, self._house.workers)
        self.story = story = Story(clock, self.play.people, staged.service.house.observer)
        story.place = self.play.place
        TRACE.set(story.came_to)
        story.follow(staged.carrier)
        staged.observer = story
        bot.told = story.ask
        self.scene = scene = Scene(
            self.play, staged, wires, bot, story, live=bool(self._live) or self._recording is not None
        )
        staged.carrier.set_fates(scene.fates)
        staged.carrier.ring_everywhere()  # an assistant that answers itself may transfer to anybody
        phone = staged.assistant.phone
        for number in (*self.play.people.values(), phone.failure_transfer_to if phone else ""):
            staged.carrier.handset(number)  # it rings when it is called, whoever calls
        try:
            await staged.start()
            await set_up(scene)
            story.watcher = scene.never.see
            await Director(scene).perform()
        finally:
            try:
                await self.look_back(scene)
            finally:
                await staged.stop()

    async def look_back(self, scene: Scene) -> None:
        """Once more before the service stops."""

    def _here(self) -> Any:
        return self.scene.line.place if self.scene else self.play.place

    def _failure(self, error: FailedError) -> Failure:
        last = tuple(self.story.happenings[-LAST:]) if self.story else ()
        lines = (*self.play.steps, *self.play.finally_)
        source = next((line.source for line in lines if line.place == error.place), "")
        rule = next((rule.source for rule in self.play.never if rule.place == error.place), "")
        return Failure(error.place, error.reason, error.expected, error.got, source or rule, last)

    def outcome(self, failure: Failure | None, real: float) -> Outcome:
        """What came of it."""
        play, story = self.play, self.story
        told = {
            "timeline": tuple(story.happenings) if story else (),
            "coverage": story.coverage() if story else None,
            "virtual": self._loop.time(),
            "real": real,
        }
        facts: dict[str, Any] = {key: value for key, value in told.items() if value is not None}
        if play.expected_to_fail and failure is not None:
            return Outcome(play, "expected failure", failure, play.expected_to_fail, **facts)
        if play.expected_to_fail:
            reason = f"it passes, and was expected to fail: {play.expected_to_fail}"
            return Outcome(play, "failed", Failure(play.place, reason), reason, **facts)
        return Outcome(
            play, "failed" if failure else "passed", failure, failure.reason if failure else "", **facts
        )


def _where(error: BaseException) -> str:
    """The innermost place that an error passed."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_globals.get('__name__', '')}:{frame.tb_lineno}" if frame else ""


@contextmanager
def logged(stage: Performance) -> Iterator[None]:
    """The service's log of a play is its story: errors stand there, nothing is printed."""

    def keep(_: Any, level: str, event: Any) -> Any:
        if level in {"error", "critical"} and stage.story is not None:
            error = event.get("exc_info") or event.get("error") or ""
            stage.story.happened("fault", f"the service reports {event.get('event')}: {error!r}")
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[keep], wrapper_class=structlog.BoundLogger, cache_logger_on_first_use=False
    )
    try:
        yield
    finally:
        structlog.configure(**before)
