"""One play against a running service, from beginning to end."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config import Settings
from orchestrator.assistants.scripted import TRACE
from orchestrator.ports.observer import Unobserved
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.play import Line, Play
from orchestrator.scenarios.stage import Configuration, House, Outcome
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.configuration import changed, named
from orchestrator.scenarios.stage.director import Director
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.given import set_up
from orchestrator.scenarios.stage.outcome import Failure
from orchestrator.scenarios.stage.run import Performance, logged
from orchestrator.scenarios.stage.story import Story
from orchestrator.scenarios.target.deployed import Answering, Deployed, Network
from orchestrator.scenarios.target.pace import Pace
from orchestrator.scenarios.target.scene import TargetScene
from orchestrator.scenarios.target.settings import Target, UnfitError, fit, unfit

BRIEF = 2.0
"""Seconds of patience where the play answers itself: only the network takes time."""


def run(play: Play, configuration: Configuration, target: Target) -> Outcome:
    """Perform a play. Its people have numbers of their own each time: a service remembers."""
    if play.skip:
        return Outcome(play, "skipped", reason=play.skip)
    try:
        name = named(play, configuration)
        settings = changed(replace(play, settings={}), configuration, name)
        fit(settings, target)
        reason = unfit(play, configuration, target, name, settings)
    except (UnfitError, FailedError) as error:
        reason = error.reason if isinstance(error, FailedError) else str(error)
        return Outcome(play, "failed", Failure(play.place, reason), reason)
    if reason:
        return Outcome(play, "skipped", reason=f"not against a running service: {reason}")
    began = time.perf_counter()
    loop = asyncio.new_event_loop()
    performance = Played(renumbered(play), configuration, target, loop, name, settings)
    try:
        with logged(performance):
            failure = performance.perform()
    finally:
        loop.close()
    seconds = time.perf_counter() - began
    return replace(performance.outcome(failure, seconds), virtual=seconds)


class Played(Performance):
    """One run."""

    def __init__(
        self,
        play: Play,
        configuration: Configuration,
        target: Target,
        loop: asyncio.AbstractEventLoop,
        name: str,
        settings: Settings,
    ) -> None:
        super().__init__(play, configuration, "", None, loop, House())
        self._target = target
        self._name = name
        self._settings = settings

    async def _perform(self) -> None:
        pace, play, target = Pace(), self.play, self._target
        clock = VirtualClock(pace, time.time() - pace.time(), play.zone)
        bot = Answering(clock.now, {*play.people.values()})
        wires = Network(pace, self._settings.service.public_url, target.url, bot)
        pace.is_busy = lambda: wires.asking > 0 or (wires.hooking > 0 and not bot.open())
        staged = Deployed(self._name, self._settings, clock, wires, pace, bot if target.plays_bot else None)
        self.story = story = Story(clock, play.people, Unobserved())
        story.place = play.place
        TRACE.set(story.came_to)
        story.follow(staged.carrier)
        bot.told = story.ask
        self.scene = scene = TargetScene(play, staged, wires, bot, story, live=not target.plays_bot)
        scene.prepare(BRIEF if target.plays_bot else target.patience)
        staged.carrier.set_fates(scene.fates)
        staged.carrier.ring_everywhere()
        phone = staged.assistant.phone
        for number in (*play.people.values(), phone.failure_transfer_to if phone else ""):
            staged.carrier.handset(number)
        try:
            await staged.start()
            await set_up(scene)
            story.watcher = scene.never.see
            await Director(scene).perform()
        finally:
            await self._leave(scene, staged, wires)

    async def _leave(self, scene: TargetScene, staged: Deployed, wires: Network) -> None:
        for turn in scene.bot.open():
            turn.answer.cancel()
        try:
            await scene.close_all()
        finally:
            await staged.stop()
            await wires.aclose()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)


def renumbered(play: Play) -> Play:
    """The play with new numbers for its people, wherever they stand."""
    fresh = {
        number: number if number == WITHHELD else f"+1555{random.randrange(10**7):07d}"  # noqa: S311 - nobody's secret
        for number in play.people.values()
    }

    def changed(line: Line) -> Line:
        return replace(line, value=_put(line.value, fresh))

    return replace(
        play,
        people={name: fresh[number] for name, number in play.people.items()},
        steps=tuple(map(changed, play.steps)),
        finally_=tuple(map(changed, play.finally_)),
    )


def _put(value: Any, numbers: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in numbers.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {key: _put(each, numbers) for key, each in value.items()}
    return value
