"""One play that is made up as it goes: moves are drawn, performed and written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.simulator.handset import HandsetError
from orchestrator.scenarios.fuzzing import invariants
from orchestrator.scenarios.fuzzing.moves import PEOPLE, answers, moves
from orchestrator.scenarios.play import Line, Play, Setting
from orchestrator.scenarios.stage import Configuration, House
from orchestrator.scenarios.stage.bot import Reply
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.loop import VirtualLoop
from orchestrator.scenarios.stage.network import NETWORK
from orchestrator.scenarios.stage.operators import OPERATOR
from orchestrator.scenarios.stage.people import PERSON
from orchestrator.scenarios.stage.run import Performance, logged
from orchestrator.scenarios.stage.scene import Scene

AT_REST = 150.0
"""Seconds after which everything has come to rest: leases, outages, sweeps and what is looked for at the carrier."""
ROUNDS, ROUND = 6, 5.0
"""How often, and how long, what is under way just then is waited for: a turn that is tried again, a call that listens."""
MOST = 30
"""Turns of the bot in a row."""


@dataclass(slots=True)
class Script:
    """What was performed, as lines of a scenario: `Who verb`, and the value or None."""

    settings: dict[str, str]
    lines: list[tuple[str, Any]] = field(default_factory=list)


class MadeUp(Performance):
    """A run. `broken` says what did not hold."""

    def __init__(
        self, configuration: Configuration, script: Script, count: int, pick: Callable[[Sequence[Any]], Any]
    ) -> None:
        settings = {key: Setting(value) for key, value in script.settings.items()}
        play = Play("made up", (), PEOPLE, settings=settings)
        super().__init__(play, configuration, "", None, VirtualLoop(), House())
        self.script = script
        self.broken = ""
        self._count = count
        self._pick = pick
        self._answers = 0

    def play_it(self) -> str:
        """Perform; what did not hold, or nothing."""
        try:
            with logged(self):
                failure = self.perform()
        finally:
            self._loop.close()
        if failure is not None and not self.broken:
            self.broken = f"{failure.reason}: {failure.got}" if failure.got else failure.reason
        return self.broken

    async def look_back(self, scene: Scene) -> None:
        """The play itself: the stage is set, and no line is left."""
        for _ in range(self._count):
            await self._move(scene)
            self._hold(invariants.now(scene))
        await self._rest(scene, AT_REST)
        self.script.lines.append(("wait", AT_REST))
        for _ in range(ROUNDS):
            if not invariants.at_the_end(scene):
                return
            await self._rest(scene, ROUND)
        self._hold(invariants.at_the_end(scene))

    async def _rest(self, scene: Scene, seconds: float) -> None:
        """Let the time go by, and answer what is asked meanwhile."""
        await self._answer_all(scene)
        await scene.advance(scene.clock.now() + seconds)
        await self._answer_all(scene)

    def _hold(self, broken: str) -> None:
        if broken:
            self.broken = broken
            raise FailedError(self.play.place, broken)

    # ---- moving ----------------------------------------------------------------------------------
    async def _move(self, scene: Scene) -> None:
        """Something happens: the bot answers what it was asked, or somebody else acts."""
        turns = scene.bot.unanswered()
        if turns and self._pick([True, False]):
            await self._answer(scene)
            return
        line = self._pick(moves(scene))
        if line.kind in {"person", "operator"} and turns:
            await self._answer_all(scene)
        scene.ledger.step += 1
        scene.acted_at = scene.clock.now()
        try:
            await self._perform_line(scene, line)
        except HandsetError:
            return
        except FailedError:
            if line.kind == "network":
                raise
            return  # an operator is refused what is not possible
        self._write(scene, line)

    async def _perform_line(self, scene: Scene, line: Line) -> None:
        if line.kind == "time":
            await scene.advance(round(scene.clock.now() + line.value, 3))
            return
        if line.kind == "person":
            scene.actor = scene.number(line.who)
        verbs = {"person": PERSON, "network": NETWORK, "operator": OPERATOR}[line.kind]
        if line.verb == "worker dies" and scene.staged.server.is_down:
            return
        await verbs[line.verb](scene, line)

    async def _answer(self, scene: Scene) -> None:
        turn = scene.bot.unanswered()[0]
        self._answers += 1
        items = self._pick(answers(self._answers, fails=True))
        turn.answer.set_result(Reply(status=500) if items is None else Reply(tuple(items)))
        if items is None:
            self.script.lines.append(("bot fails", 500))
        for item in items or ():
            self.script.lines.append(("bot answers", item))
        if items == []:
            self.script.lines.append(("bot stays silent", None))
        await scene.settle()
        self._mention(scene)

    async def _answer_all(self, scene: Scene) -> None:
        """What is open is answered with nothing, and what follows from that."""
        for _ in range(MOST):
            turns = scene.bot.unanswered()
            if not turns:
                return
            for turn in turns:
                turn.answer.set_result(Reply())
            await scene.settle()
        self._hold("the bot is asked again and again")

    # ---- writing ---------------------------------------------------------------------------------
    def _write(self, scene: Scene, line: Line) -> None:
        who = {"person": f"{line.who} ", "operator": "operator "}.get(line.kind, "")
        self.script.lines.append((f"{who}{line.verb}", line.value))
        self._mention(scene)

    def _mention(self, scene: Scene) -> None:
        """What reached people, unless a turn is open, which a check would close."""
        if scene.bot.unanswered():
            return
        for effect in scene.ledger.unmentioned():
            effect.mentioned = True
            verb = "receives" if effect.kind == "text" else "hears"
            self.script.lines.append((f"{scene.story.name(effect.who)} {verb}", effect.words))
