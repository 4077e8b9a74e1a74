"""The director: performs the lines of a play one after the other, and says when a turn is answered.

A turn stays open before checks of `expect`, time and network lines; everything else first closes it with
nothing, unless a `bot` line answers it. A slow answer (`bot takes`) is the next `bot` lines, given when its
time has come; so is the answer to a turn that is asked while time passes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.core.session import from_document
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage import acts, checks
from orchestrator.scenarios.stage.answers import Arrival, reply_of
from orchestrator.scenarios.stage.bot import OpenTurn, Reply
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import listed, span

CHECKING = frozenset({"hears", "receives", "hears nothing", "receives nothing"})
"""What a person is checked for, and does not do."""
MOST_TURNS = 50
"""Turns that follow from each other, each answered with nothing."""
FAILED_WITHIN = 3.0
"""Seconds in which what a customer is told of a bot that fails is there: its tries take their time."""
BRIDGED_WITHIN = 2.0
"""Seconds in which a caller hears a slow answer: the call fetches it at the end of the round that it waits in."""


@dataclass(slots=True, eq=False)
class Answer:
    """Lines of a bot that answer a turn. `since` is the place among the effects when it was given, None
    until then.
    """

    lines: Sequence[Line]
    turn: OpenTurn
    since: int | None = None


class Director:
    """Performs one play."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._steps = scene.play.steps
        self._ahead: dict[int, Answer] = {}
        self._owed: list[Answer] = []
        self._grace = 0.0

    async def perform(self) -> None:
        """Every line, what is left, and what holds at the end. Raises `FailedError`."""
        index = 0
        while index < len(self._steps):
            self._scene.begin(self._steps[index])
            index = await self._line(index)
        await self._end()

    async def _line(self, index: int) -> int:
        """Perform a line, or the lines of one answer; the place of the next."""
        line = self._steps[index]
        if line.kind == "bot":
            return await self._bot(index)
        if line.kind == "check":
            await self._check(line)
        elif line.verb in CHECKING and line.kind == "person":
            await self._close()
            await self._look(line)
        else:
            await self._act(index, line)
        return index + 1

    # ---- acting ----------------------------------------------------------------------------------
    async def _act(self, index: int, line: Line) -> None:
        scene = self._scene
        if line.kind in {"person", "operator"}:
            await self._close()
        scene.ledger.step += 1
        self._grace = 0.0
        if line.kind == "time":
            await self._time(index, line)
            return
        scene.ledger.spoke = scene.ledger.step
        if line.kind == "person":
            scene.actor = scene.number(line.who)
            await acts.PERSON[line.verb](scene, line)
        elif line.kind == "network":
            scene.next_verb = self._next_act(index)
            await acts.NETWORK[line.verb](scene, line)
        else:
            await acts.OPERATOR[line.verb](scene, line)

    def _next_act(self, index: int) -> str:
        following = (line.verb for line in self._steps[index + 1 :] if line.kind in {"person", "network"})
        return next((verb for verb in following if verb not in CHECKING), "")

    async def _time(self, index: int, line: Line) -> None:
        scene = self._scene
        scene.wires.let_go()
        until = await self._until(line)
        before = set(scene.bot.turns)

        async def at_rest() -> bool:
            if scene.clock.now() < until:
                await self._answer_meanwhile(index, before)
            return False

        await scene.advance(until, at_rest)
        await self._settle_debts()

    async def _until(self, line: Line) -> float:
        scene = self._scene
        if line.verb == "wait":
            return round(scene.clock.now() + float(line.value), 3)
        if line.verb == "clock":
            if line.value < scene.clock.now():
                raise scene.fails("the clock only goes forward", got=scene.clock.shown(scene.clock.now()))
            return float(line.value)
        return await self._timer(line)

    async def _timer(self, line: Line) -> float:
        """When the timer of that name is due: of who acted last, else of anybody."""
        scene = self._scene
        timers: dict[str, float] = {}
        numbers = dict.fromkeys([scene.actor, *scene.play.people.values()])
        for number in numbers:
            store = scene.staged.service.store
            document = await scene.do(store.document(store.address(scene.staged.name, number)))
            for name, due in (from_document(document).timers if document else {}).items():
                timers.setdefault(name, due)
        if line.value not in timers:
            raise scene.fails(f"no timer {line.value} runs", str(line.value), f"running: {listed(timers)}")
        return timers[line.value]

    # ---- turns -----------------------------------------------------------------------------------
    async def _close(self) -> None:
        """Answer with nothing what no line answers, and what follows from that."""
        for _ in range(MOST_TURNS):
            turns = self._scene.bot.unanswered()
            if not turns:
                return
            for turn in turns:
                turn.answer.set_result(Reply())
            await self._scene.settle()
        raise self._scene.fails("the bot is asked again and again")

    async def _answer_meanwhile(self, index: int, before: set[str]) -> None:
        """A turn that was asked while time passes is answered then: by the next lines if they are the bot's."""
        scene = self._scene
        for _ in range(MOST_TURNS):
            fresh = [turn for turn in scene.bot.unanswered() if turn.id not in before]
            if not fresh:
                return
            place = self._next_lines(index)
            if place is not None and place not in self._ahead:
                lines = self._group(place)
                self._ahead[place] = self._give(fresh[0], lines)
            else:
                fresh[0].answer.set_result(Reply())
            await scene.settle()

    def _next_lines(self, index: int) -> int | None:
        """Where the bot's next lines begin, if nobody acts before and no person is checked."""
        place = index + 1
        while place < len(self._steps) and self._steps[place].kind == "check":
            place += 1
        return place if place < len(self._steps) and self._steps[place].kind == "bot" else None

    def _group(self, index: int) -> list[Line]:
        """The lines of one answer."""
        end = index
        while end < len(self._steps) and self._steps[end].kind == "bot":
            end += 1
        return list(self._steps[index:end])

    def _give(self, turn: OpenTurn, lines: Sequence[Line]) -> Answer:
        """Answer a turn with these lines: now, or when a slow one has taken its time."""
        scene, reply = self._scene, reply_of(lines)
        takes = next((float(line.value) for line in lines if line.verb == "takes"), None)
        if takes is not None and turn.due is None:
            turn.due = turn.at + takes
        answer = Answer(lines, turn)
        if turn.due is None or turn.due <= scene.clock.now():
            answer.since = len(scene.ledger.effects)
            turn.answer.set_result(reply)
            return answer

        def give() -> None:
            answer.since = len(scene.ledger.effects)
            if not turn.answer.done():
                turn.answer.set_result(reply)

        asyncio.get_running_loop().call_at(scene.clock.at_loop(turn.due), give)
        return answer

    # ---- the bot's lines -------------------------------------------------------------------------
    async def _bot(self, index: int) -> int:
        scene, lines = self._scene, self._group(index)
        after = index + len(lines)
        if scene.live:
            await Arrival(scene, lines, scene.actor, 0).check()
            return after
        answer = self._ahead.get(index)
        if answer is None:
            if await self._unasked(lines):
                return after
            answer = await self._answer(index, lines)
        if answer is not None:
            self._owed.append(answer)
            await self._settle_debts()
        return after

    async def _answer(self, index: int, lines: Sequence[Line]) -> Answer | None:
        """Answer the open turn with these lines; None for a slow one whose words come later in the play."""
        scene = self._scene
        turn = self._open_turn()
        slow = [line for line in lines if line.verb == "takes"]
        if slow and len(slow) == len(lines):
            turn.due = turn.at + float(slow[-1].value)
            turn.ahead = True
            place = self._later(index + len(lines))
            following = self._group(place) if place is not None else []
            answer = self._give(turn, following)
            if place is None:
                return None
            self._ahead[place] = answer
            return None
        self._grace = FAILED_WITHIN if any(line.verb == "fails" for line in lines) else 0.0
        answer = self._give(turn, lines)
        turn.ahead = True
        await scene.settle()
        return answer

    def _later(self, index: int) -> int | None:
        """Where the next lines of the bot begin."""
        places = (place for place in range(index, len(self._steps)) if self._steps[place].kind == "bot")
        return next(places, None)

    def _open_turn(self) -> OpenTurn:
        """The turn that the lines at hand answer: of who acted last, else the oldest."""
        scene = self._scene
        turns = scene.bot.unanswered()
        own = [turn for turn in turns if turn.customer == scene.actor]
        if not turns:
            raise scene.fails(
                f"bot {scene.line.verb}: the bot was not asked", "an open question to the bot", "none"
            )
        return (own or turns)[0]

    async def _unasked(self, lines: Sequence[Line]) -> bool:
        """At the very beginning nobody can have asked: the bot begins, with a text or a call."""
        scene = self._scene
        verbs = {line.verb for line in lines}
        if scene.ledger.spoke or not verbs <= {"texts", "calls", "switches to voice"}:
            return False
        scene.ledger.step += 1
        scene.ledger.spoke = scene.ledger.step
        since = len(scene.ledger.effects)
        for line in lines:
            body = reply_of([line]).items[0]
            texts = line.verb == "texts"
            await acts.open_by_us(
                scene, "messages" if texts else "calls", {"text": body["text"]} if texts else {}
            )
        await Arrival(scene, lines, scene.actor, since).check()
        return True

    async def _settle_debts(self) -> None:
        """Check of every answer that was given whether it arrived."""
        for answer in [owed for owed in self._owed if owed.since is not None]:
            self._owed.remove(answer)
            await self._arrived(answer)

    async def _arrived(self, answer: Answer) -> None:
        scene = self._scene
        who = answer.turn.customer or scene.in_call() or "anonymous"
        arrival = Arrival(scene, answer.lines, who, answer.since or 0)
        patience = (
            BRIDGED_WITHIN
            if answer.turn.due is not None and answer.turn.request["channel"] == "voice"
            else 0.0
        )
        await self._within(patience, arrival.check)

    # ---- looking ---------------------------------------------------------------------------------
    async def _look(self, line: Line) -> None:
        """What a person heard or received; of a bot that fails it may take a moment."""

        async def look() -> None:
            (checks.hears if line.verb in {"hears", "receives"} else checks.hears_nothing)(self._scene, line)

        await self._within(self._grace if line.verb in {"hears", "receives"} else 0.0, look)

    async def _check(self, line: Line) -> None:
        async def look() -> None:
            await checks.expect(self._scene, line)

        await self._within(float(line.value.get("within", 0.0)), look)

    async def _within(self, seconds: float, look: object) -> None:
        """Look; what is wrong may become right in that time."""
        scene = self._scene
        assert callable(look)  # noqa: S101 - told by the callers' types
        try:
            await look()
        except FailedError:
            if seconds <= 0:
                raise
        else:
            return
        until = scene.clock.now() + seconds

        async def is_right() -> bool:
            try:
                await look()
            except FailedError:
                return False
            return True

        await scene.advance(until, is_right)
        try:
            await look()
        except FailedError as error:
            raise FailedError(
                error.place, f"{error.reason}, within {span(seconds)}", error.expected, error.got
            ) from None

    # ---- the end ---------------------------------------------------------------------------------
    async def _end(self) -> None:
        """Close what is open, look at what holds at last, and at what nobody mentioned."""
        scene = self._scene
        scene.wires.let_go()
        await self._close()
        for answer in list(self._owed):
            if answer.turn.due is not None:
                await scene.advance(max(scene.clock.now(), answer.turn.due))
        await self._settle_debts()
        scene.is_last = True
        for line in scene.play.finally_:
            scene.begin(line)
            await self._check(line)
        scene.fates.deliver_all()
        await scene.settle()
        left = checks.unmentioned(scene)
        if left is not None:
            raise left
