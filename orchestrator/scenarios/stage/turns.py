"""Turns of the scripted bot: which lines answer which, when, and whether what they say arrived.

A turn stays open before `expect`, time and network lines; everything else first closes it with nothing,
unless a `bot` line answers it. A slow answer (`bot takes`) is the next `bot` lines, given when its time has
come; so is the answer to a turn that is asked while time passes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.arrivals import Arrival
from orchestrator.scenarios.stage.bot import OpenTurn, Reply
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.operators import open_by_us
from orchestrator.scenarios.stage.replies import reply_of
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.script import Script

MOST_TURNS = 50
"""Turns that follow from each other, each answered with nothing."""
RECOVERED_WITHIN = 30.0
"""Seconds after an outage in which what it interrupted is done."""
BRIDGED_WITHIN = 2.0
"""Seconds in which a caller hears a slow answer: the call fetches it at the end of the round that it waits in."""
SPOKEN_WITHIN = 60.0
"""Seconds in which a call that a socket carries ends behind its words: as long as they take to be said."""


@dataclass(slots=True, eq=False)
class Answer:
    """Lines of a bot that answer a turn. `since` is the place among the effects when it was given, None
    until then.
    """

    lines: Sequence[Line]
    turn: OpenTurn
    since: int | None = None


class Turns:
    """The turns of one play."""

    def __init__(self, scene: Scene, script: Script) -> None:
        self._scene = scene
        self._script = script
        self._ahead: dict[int, Answer] = {}
        self._owed: list[Answer] = []

    # ---- closing ---------------------------------------------------------------------------------
    async def close(self, *, only_events: bool = False) -> None:
        """Answer with nothing what no line answers, and what follows from that."""
        for _ in range(MOST_TURNS):
            turns = [turn for turn in self._scene.bot.unanswered() if turn.is_event or not only_events]
            if not turns:
                await self.settle_debts()
                return
            for turn in turns:
                turn.answer.set_result(Reply())
            await self._scene.settle()
        raise self._scene.fails("the bot is asked again and again")

    async def answer_meanwhile(self, place: int, before: set[tuple[str, int]]) -> None:
        """A turn that was asked while time passes, not `before` by this worker, is answered then: by the next
        lines if they are the bot's.
        """
        for _ in range(MOST_TURNS):
            fresh = [turn for turn in self._scene.bot.unanswered() if (turn.id, turn.worker) not in before]
            if not fresh:
                return
            at = self._script.next_answer(place)
            if at is not None and at not in self._ahead:
                self._ahead[at] = self._give(fresh[0], self._script.group(at))
            else:
                fresh[0].answer.set_result(Reply())
            await self._scene.settle()

    # ---- answering -------------------------------------------------------------------------------
    async def speak(self, place: int) -> int:
        """The bot's lines from a place on; the place after them."""
        scene, lines = self._scene, self._script.group(place)
        after = place + len(lines)
        if not scene.bot.turns and await self._unasked(lines):
            return after
        if scene.live:
            arrival = Arrival(scene, lines, scene.actor, 0, in_call=scene.was_in_call(scene.actor))
            await scene.within(0.0, arrival.check)
            return after
        answer = self._ahead.get(place)
        if answer is None:
            await scene.await_turn()
            answer = await self._answer(place, lines)
        if answer is not None:
            self._owed.append(answer)
            await self.settle_debts()
        return after

    async def _answer(self, place: int, lines: Sequence[Line]) -> Answer | None:
        """Answer the open turn; None for a slow answer whose words come later in the play."""
        turn = self._open_turn()
        turn.ahead = True
        slow = [line for line in lines if line.verb == "takes"]
        if len(slow) < len(lines):
            answer = self._give(turn, lines)
            await self._scene.settle()
            return answer
        turn.due = turn.at + sum(float(line.value) for line in slow)
        later = self._script.later_answer(place + len(lines))
        answer = self._give(turn, self._script.group(later) if later is not None else ())
        if later is not None:
            self._ahead[later] = answer
        return None

    def _give(self, turn: OpenTurn, lines: Sequence[Line]) -> Answer:
        """Answer a turn with these lines: now, or when a slow one has taken its time."""
        scene, reply = self._scene, reply_of(lines)
        slow = [float(line.value) for line in lines if line.verb == "takes"]
        if slow and turn.due is None:
            turn.due = turn.at + sum(slow)
        answer = Answer(lines, turn)

        def give() -> None:
            answer.since = len(scene.ledger.effects)
            if not turn.answer.done():
                turn.answer.set_result(reply)

        if turn.due is None or turn.due <= scene.clock.now():
            give()
        else:
            asyncio.get_running_loop().call_at(scene.clock.at_loop(turn.due), give)
        return answer

    def _open_turn(self) -> OpenTurn:
        """The turn that the lines at hand answer: of who acted last, else the oldest."""
        scene = self._scene
        turns = scene.bot.unanswered()
        own = [turn for turn in turns if turn.customer == scene.actor]
        if not turns:
            what = f"bot {scene.line.verb}: the bot was not asked"
            raise scene.fails(what, "an open question to the bot", "none")
        return (own or turns)[0]

    async def _unasked(self, lines: Sequence[Line]) -> bool:
        """At the very beginning nobody can have asked: the bot begins, with a text or a call."""
        scene = self._scene
        if scene.ledger.spoke or not {line.verb for line in lines} <= {"texts", "calls", "switches to voice"}:
            return False
        scene.ledger.step += 1
        scene.ledger.spoke = scene.ledger.step
        since = len(scene.ledger.effects)
        for line in lines:
            body = {"text": reply_of([line]).items[0]["text"]} if line.verb == "texts" else {}
            await open_by_us(scene, "messages" if body else "calls", body)
        await Arrival(scene, lines, scene.actor, since).check()
        return True

    # ---- arriving --------------------------------------------------------------------------------
    async def settle_debts(self) -> None:
        """Check of every answer that was given whether it arrived. What is given while the store is away is
        kept nowhere: the bot is asked again when it is back, and answers the same. What waits behind another
        turn, as a text behind the end of a call, may arrive once that is answered.
        """
        if self._scene.staged.server.is_down:
            return
        for answer in [owed for owed in self._owed if owed.since is not None]:
            try:
                await self._arrived(answer)
            except FailedError:
                if not self._scene.bot.unanswered():
                    raise
            else:
                self._owed.remove(answer)

    async def finish(self) -> None:
        """Close what is open, and let slow answers come."""
        await self.close()
        scene = self._scene
        for answer in list(self._owed):
            if answer.turn.due is not None:
                await scene.advance(max(scene.clock.now(), answer.turn.due))
        if self._owed and scene.staged.server.is_down:
            await scene.advance(scene.staged.server.down_until + RECOVERED_WITHIN)
        await self.settle_debts()

    async def _arrived(self, answer: Answer) -> None:
        scene, turn = self._scene, answer.turn
        who = turn.customer
        in_call = bool(turn.request["channels"]["voice"]["live"])
        arrival = Arrival(scene, answer.lines, who, answer.since or 0, in_call=in_call)
        await scene.within(self._patience(turn), arrival.check)

    def _patience(self, turn: OpenTurn) -> float:
        """Seconds in which the caller hears the answer, or the call ends behind it."""
        if turn.request["channel"] != "voice":
            return 0.0
        phone = self._scene.staged.assistant.phone
        is_relayed = phone is not None and phone.engine == "relay"
        return SPOKEN_WITHIN if is_relayed else BRIDGED_WITHIN if turn.due is not None else 0.0
