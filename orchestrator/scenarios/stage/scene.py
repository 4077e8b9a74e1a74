"""The scene: what the verbs and checks of a play work with, and how the play moves on.

`settle` runs everything that can run now; `advance` moves the clock from timer to timer. Both look for
what `never` forbids and for connections that a play does not make.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import httpx

from channels.simulator.handset import Handset, HandsetError
from orchestrator.runner.views import summary
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.play import Line, Play
from orchestrator.scenarios.stage.bot import PlayBot
from orchestrator.scenarios.stage.clock import Time, VirtualClock
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.fates import Fates
from orchestrator.scenarios.stage.ledger import Ledger
from orchestrator.scenarios.stage.never import Never
from orchestrator.scenarios.stage.service import Staged
from orchestrator.scenarios.stage.story import Story
from orchestrator.scenarios.stage.views import with_turn
from orchestrator.scenarios.stage.wire import Wires
from orchestrator.scenarios.stage.words import span

T = TypeVar("T")
RESTLESS = 2_000
"""Looks at due work without time passing, after which a play is told never to come to rest."""
TOLERANCE = 1e-6
"""Seconds of arithmetic."""
TICK = 0.001
"""Seconds between two moments of the clock."""
ALL_STATES = "dialing,transferring,awaiting_text,in_call_and_text,in_call,text_only,ended"


class Scene:
    """One play under way. `actor` is the number of the person who acted last; `live` that the assistant is
    one of the configuration, which nobody scripts; `next_verb` that of the next line in which somebody acts; `acted_at` when somebody last did;
    `refusals` counts the texts that the carrier is to refuse: they need not arrive.
    """

    exact = 0.05
    """Seconds by which the time left of a timer may differ: it is kept to the millisecond."""

    def __init__(
        self, play: Play, staged: Staged, wires: Wires, bot: PlayBot, story: Story, *, live: bool
    ) -> None:
        self.play = play
        self.staged = staged
        self.wires = wires
        self.bot = bot
        self.story = story
        self.live = live
        self.never = Never(play, story, staged)
        self.fates = Fates()
        self.line = Line("time", "wait", 0.0, place=play.place)
        self.next_verb = ""
        self.acted_at = 0.0
        self.refusals = 0
        self.is_last = False
        self.actor = next(iter(play.people.values()), "")
        self._keys = 0
        self._loop: Time = staged.clock.loop

    @property
    def clock(self) -> VirtualClock:
        """The play's clock."""
        return self.staged.clock

    @property
    def ledger(self) -> Ledger:
        """What reached people."""
        return self.story.ledger

    def begin(self, line: Line) -> None:
        """This line is next."""
        self.line = line
        self.story.place = line.place

    def fails(self, reason: str, expected: str = "", got: str = "", *, key: str = "") -> FailedError:
        """The line at hand fails; `key` is the one of its value that is wrong."""
        return FailedError(self.line.places.get(key, self.line.place), reason, expected, got)

    # ---- moving on -------------------------------------------------------------------------------
    async def settle(self) -> None:
        """Run until every task is idle and nothing is due now."""
        for _ in range(RESTLESS):
            await self._loop.go_on()
            self.story.catch_up()
            due = self.staged.next_due()
            if due is None or due > self.clock.now():
                break
            await self.staged.look()
        else:
            raise self.fails("the service never comes to rest")
        self._object()

    async def advance(self, until: float, at_rest: Callable[[], Awaitable[bool]] | None = None) -> None:
        """Move on to a moment (Unix seconds), timer by timer. `at_rest` is asked whenever everything is
        idle before; True ends it there.
        """
        target, last = self.clock.at_loop(until), float("-inf")
        while True:
            await self.settle()
            if at_rest is not None and await at_rest():
                return
            following = self._next()
            if following is not None and following <= last:  # what is due between two moments of the clock
                following = last + TICK
            if following is None or following > target + TOLERANCE:
                break
            last = following
            await self._loop.go_on(following)
        await self._loop.go_on(target)
        await self.settle()

    def _next(self) -> float | None:
        """When the next thing is due, as the loop counts."""
        due = self.staged.next_due()
        times = [self._loop.next_timer(), None if due is None else self.clock.at_loop(due)]
        return min((time for time in times if time is not None), default=None)

    def _object(self) -> None:
        if self._loop.attempts:
            raise self.fails(f"a connection off the machine was tried: {self._loop.attempts[0]}")
        if self.never.broken is not None:
            raise self.never.broken

    async def within(self, seconds: float, look: Callable[[], Awaitable[None]]) -> None:
        """Look; what is wrong may become right in that time."""
        try:
            await look()
        except FailedError:
            if seconds <= 0:
                raise
        else:
            return

        wrong: FailedError | None = None

        async def is_right() -> bool:
            nonlocal wrong
            try:
                await look()
            except FailedError as error:
                wrong = error
                return False
            wrong = None
            return True

        until = round(self.clock.now() + seconds, 3)
        await self.advance(until, is_right)
        if wrong is not None and not await is_right():
            reason = f"{wrong.reason}, within {span(seconds)}"
            raise FailedError(wrong.place, reason, wrong.expected, wrong.got)

    async def await_turn(self) -> None:
        """Let a turn come that is on its way to the bot: here it has."""

    async def do(self, work: Coroutine[Any, Any, T], *, patient: bool = False) -> T | None:
        """Do something and let everything follow; its result. What does not end now fails, or goes on beside
        the play if it is `patient`.
        """
        task = asyncio.ensure_future(work)
        await self.settle()
        if task.done():
            return task.result()
        if patient:
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            return None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise HandsetError("not now")

    # ---- people ----------------------------------------------------------------------------------
    def number(self, name: str) -> str:
        """A person's number; a number is its own."""
        return self.play.people.get(name, name)

    def phone(self, number: str) -> Handset:
        """A person's telephone."""
        return self.staged.carrier.handset(number)

    def whose(self, line: Line) -> str:
        """Whom a check is about: who is named, the only person, or who acted last."""
        return self.number(line.who) if line.who else self.actor

    def in_call(self) -> str:
        """Who is on the phone: who acted last if so, else the first who is; empty if nobody is."""
        live = [
            call.customer for call in self.staged.carrier.calls if call.status in {"ringing", "in-progress"}
        ]
        people = [number for number in live if number in self.play.people.values()] or live
        return self.actor if self.actor in people else next(iter(people), "")

    def was_in_call(self, number: str) -> bool:
        """Whether a person is on the phone, or was when somebody acted last."""
        calls = [call for call in self.staged.carrier.calls if call.customer == number]
        return any(call.ended_at is None or call.ended_at >= self.acted_at for call in calls)

    # ---- the service's API -----------------------------------------------------------------------
    async def api(self, method: str, path: str, *, body: Any = None, **query: str) -> httpx.Response:
        """One request of an operator, or of the bot out of turn."""
        settings = self.staged.settings.service
        headers = {"Authorization": f"Bearer {settings.api_token.reveal()}"}
        if method == "POST":
            self._keys += 1
            headers["Idempotency-Key"] = f"play-{self._keys}"
        async with httpx.AsyncClient(transport=self.wires, trust_env=False) as client:
            request = client.build_request(
                method,
                f"{settings.public_url}/api/v1{path}",
                json=body,
                params=query or None,
                headers=headers,
            )
            answer = await self.do(client.send(request))
        if answer is None:
            raise self.fails("the service does not answer")
        return answer

    async def sessions(self, who: str = "", *, states: str = ALL_STATES) -> list[dict[str, Any]]:
        """Sessions as the API lists them, newest first, of a person or of all."""
        found = await self._listed(who, states) if not self.staged.server.is_down else self._known()
        found = [each for each in found if not who or (each["customer"]["phone_number"] or WITHHELD) == who]
        for turn in self.bot.open():
            if not who or turn.customer == who:
                found = with_turn(found, turn.request)
        return found

    async def _listed(self, who: str, states: str) -> list[dict[str, Any]]:
        query = {"state": states} | ({"q": who} if who not in {"", WITHHELD} else {})
        answer = await self.api("GET", "/sessions", **query)
        if not answer.is_success:
            raise self.fails(f"the service answers {answer.status_code} to who looks")
        found: list[dict[str, Any]] = answer.json()["sessions"]
        return found

    def _known(self) -> list[dict[str, Any]]:
        """Sessions as they were committed last: while the store is away, nobody else can tell."""
        known = [session for session in self.story.sessions.values() if session.opened_at]
        return [summary(session, ()) for session in known]

    async def session(self, who: str) -> dict[str, Any] | None:
        """The newest session of a person; one that is open before one that has ended."""
        found = await self.sessions(who)
        return next((each for each in found if each["state"] != "ended"), found[0] if found else None)
