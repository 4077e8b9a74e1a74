"""The director: performs the lines of a play one after the other, then looks at what is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.simulator.handset import HandsetError
from orchestrator.core.session import from_document
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage import checks, looks, network, operators, people
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.script import CHECKING, Script
from orchestrator.scenarios.stage.turns import Turns
from orchestrator.scenarios.stage.words import listed

FAILED_WITHIN = 3.0
"""Seconds in which what a customer is told of a bot that fails is there: its tries take their time."""


class Director:
    """Performs one play."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._steps = scene.play.steps
        self._script = Script(scene.play.steps)
        self._turns = Turns(scene, self._script)
        self._grace = 0.0

    async def perform(self) -> None:
        """Every line, what is left, and what holds at the end. Raises `FailedError`."""
        place = 0
        while place < len(self._steps):
            self._scene.begin(self._steps[place])
            place = await self._line(place)
        await self._end()

    async def _line(self, place: int) -> int:
        """Perform a line, or the lines of one answer; the place of the next."""
        line = self._steps[place]
        if line.kind == "bot":
            failing = any(each.verb == "fails" for each in self._script.group(place))
            self._grace = FAILED_WITHIN if failing else 0.0
            return await self._turns.speak(place)
        if line.kind == "check":
            await self._expect(line, lambda: self._close_behind(place))
        elif line.kind == "person" and line.verb in CHECKING:
            await self._turns.close()
            await self._look(line)
        else:
            await self._act(place, line)
        return place + 1

    # ---- acting ----------------------------------------------------------------------------------
    async def _act(self, place: int, line: Line) -> None:
        scene = self._scene
        if line.kind in {"person", "operator"}:
            await self._turns.close()
        scene.ledger.step += 1
        self._grace = 0.0
        if line.kind == "time":
            await self._pass(place, line)
            return
        scene.ledger.spoke, scene.acted_at = scene.ledger.step, scene.clock.now()
        scene.next_verb = self._script.next_act(place)
        if line.kind == "person":
            scene.actor = scene.number(line.who)
        verbs = {"person": people.PERSON, "network": network.NETWORK, "operator": operators.OPERATOR}[
            line.kind
        ]
        try:
            await verbs[line.verb](scene, line)
        except HandsetError as error:
            raise scene.fails(str(error).partition(";")[0]) from None

    # ---- time ------------------------------------------------------------------------------------
    async def _pass(self, place: int, line: Line) -> None:
        """Let time go on. What only tells the bot something, and is not answered, does not stay open."""
        scene = self._scene
        scene.wires.let_go()
        until = await self._until(line)
        if scene.bot.unanswered() and not self._script.is_answered(place):
            await self._turns.close(only_events=True)
        before = {(turn.id, turn.worker) for turn in scene.bot.open()}

        async def at_rest() -> bool:
            if scene.clock.now() < until:
                await self._turns.answer_meanwhile(place, before)
            return False

        await scene.advance(until, at_rest)
        await self._turns.settle_debts()

    async def _until(self, line: Line) -> float:
        scene = self._scene
        if line.verb == "wait":
            return round(scene.clock.now() + float(line.value), 3)
        if line.verb == "wait until":
            return await self._timer(line)
        if line.value < scene.clock.now():
            raise scene.fails("the clock only goes forward", got=scene.clock.shown(scene.clock.now()))
        return float(line.value)

    async def _timer(self, line: Line) -> float:
        """When the timer of that name is due: of who acted last, else of anybody."""
        scene = self._scene
        timers: dict[str, float] = {}
        store = scene.staged.service.store
        for number in dict.fromkeys([scene.actor, *scene.play.people.values()]):
            calls = scene.phone(number).calls
            who = f"call:{calls[-1].sid}" if number == WITHHELD and calls else number  # as the runner has it
            document = await scene.do(store.document(store.address(scene.staged.name, who)))
            for name, due in (from_document(document).timers if document else {}).items():
                timers.setdefault(name, due)
        if line.value not in timers:
            raise scene.fails(f"no timer {line.value} runs", str(line.value), f"running: {listed(timers)}")
        return timers[line.value]

    # ---- looking ---------------------------------------------------------------------------------
    async def _look(self, line: Line) -> None:
        """What a person heard or received; of a bot that fails it may take a moment."""
        is_something = line.verb in {"hears", "receives"}

        async def look() -> None:
            (looks.hears if is_something else looks.hears_nothing)(self._scene, line)

        await self._scene.within(self._grace if is_something else 0.0, look)

    async def _expect(self, line: Line, close: Callable[[], Awaitable[None]]) -> None:
        """Hold a check while turns are open; of those that nobody is to answer, also once they are closed."""

        async def look() -> None:
            await checks.expect(self._scene, line)

        try:
            await self._scene.within(float(line.value.get("within", 0.0)), look)
        except FailedError:
            if not self._scene.bot.unanswered():
                raise
            await close()
            await look()

    async def _close_behind(self, place: int) -> None:
        """Close what does not stay open behind a check: what only tells the bot something does so only for
        an answer.
        """
        if not self._script.is_left_open(place):
            await self._turns.close()
        elif not self._script.is_answered(place):
            await self._turns.close(only_events=True)

    # ---- the end ---------------------------------------------------------------------------------
    async def _end(self) -> None:
        """Close what is open, look at what holds at last, and at what nobody mentioned."""
        scene = self._scene
        scene.wires.let_go()
        await self._turns.finish()
        await self._fail_out()
        scene.is_last = True
        for line in scene.play.finally_:
            scene.begin(line)
            await (self._look(line) if line.kind == "person" else self._expect(line, self._turns.close))
        scene.fates.deliver_all()
        await scene.settle()
        left = looks.unmentioned(scene)
        if left is not None:
            raise left

    async def _fail_out(self) -> None:
        """Let a last turn that fails come to its end: its tries take a moment, and the message that tells the
        customer wants a mention like any other.
        """
        scene, story = self._scene, self._scene.story

        async def has_failed() -> bool:
            return any(note.name == "turn_failed" and note.step >= scene.ledger.step for note in story.noted)

        if self._grace:
            await scene.advance(round(scene.clock.now() + self._grace, 3), has_failed)
