"""A circuit breaker for each assistant: one that fails again and again is left alone for a while.

After so many failed turns in a row it is *open*: callers hear the failure message at once, instead of after a
time-out. When its pause is over, one turn is asked as a *trial*; its answer closes the breaker, its failure begins the
pause anew. Texts are no hurry: they wait for the outcome of one trial before they fail.

A failure is one that speaks of the assistant, not of the turn: no answer, an answer too late, a server's error. One
that was answered and could not be read, or was refused, shows that somebody is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal

from orchestrator.assistants.tries import Limit
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.ports import Assistant, Clock
from orchestrator.ports.world import Heard

State = Literal["closed", "trial", "open"]


class Breaker:
    """The state. `failures` in a row open it (0: nothing does) for `pause` seconds; `tell` hears of every change."""

    def __init__(self, clock: Clock, *, failures: int, pause: float, tell: Callable[[State], None]) -> None:
        self._clock = clock
        self._limit = failures
        self._pause = pause
        self._tell = tell
        self._failed = 0
        self._until = 0.0
        self._rounds = 0
        self._changed = asyncio.Event()
        self.state: State = "closed"

    def arrive(self, ask: AskAssistant) -> Callable[[], None]:
        """Refuse a caller's turn at the door, before it waits for anything. What this returns refuses a text that
        has waited for a place, if a trial has failed meanwhile: that was the one to wait for.
        """
        if ask.live and self.state != "closed" and not self._may_try:
            raise _refusal()
        rounds = self._rounds

        def look_again() -> None:
            if not ask.live and self.state != "closed" and self._rounds != rounds:
                raise _refusal()

        return look_again

    async def enter(self, ask: AskAssistant) -> bool:
        """Let a turn in, or refuse it; whether it is the trial."""
        rounds = self._rounds
        while self.state != "closed":
            if self._may_try:
                self._change("trial")
                return True
            if ask.live or self._rounds != rounds:
                raise _refusal()
            await self._wait()
        return False

    def leave(self, *, trial: bool, failed: bool | None) -> None:
        """A turn is over: answered, `failed`, or None: nobody waited for its end."""
        if failed is None:
            if trial:
                self._change("open")
        elif not failed:
            self._failed = 0
            self._change("closed")
        elif trial:
            self._open()
        elif self.state == "closed":
            self._failed += 1
            if self._limit and self._failed >= self._limit:
                self._open()

    @property
    def _may_try(self) -> bool:
        return self.state == "open" and self._clock.now() >= self._until

    def _open(self) -> None:
        self._until = self._clock.now() + self._pause
        self._rounds += self.state == "trial"
        self._change("open")

    def _change(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._tell(state)
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait(self) -> None:
        """Until the state has changed, or a trial may be made."""
        left = self._until - self._clock.now()
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._changed.wait())]
        if left > 0:
            waits.append(asyncio.ensure_future(self._clock.sleep(left)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


class GuardedAssistant:
    """`orchestrator.ports.Assistant` behind a breaker; a turn takes `limit` seconds at most, whatever it does."""

    def __init__(self, inner: Assistant, breaker: Breaker, clock: Clock, *, limit: float) -> None:
        self._inner = inner
        self._breaker = breaker
        self._clock = clock
        self._limit = limit

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """Ask, if the breaker lets the turn in."""
        trial = await self._breaker.enter(ask)
        failed: bool | None = None
        try:
            async with Limit(self._clock, self._limit):
                reply = await self._inner.ask(ask, heard)
            failed = False
        except AssistantError as error:
            failed = error.retryable
            raise
        except Exception:
            failed = True
            raise
        finally:
            self._breaker.leave(trial=trial, failed=failed)
        return reply

    async def close(self) -> None:
        """Close the one inside."""
        await self._inner.close()


def _refusal() -> AssistantError:
    return AssistantError("breaker_open", "it has failed again and again", retryable=False)
