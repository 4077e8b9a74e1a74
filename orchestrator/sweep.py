"""The sweep: texts that the carrier has and we do not are taken from its list, once, late, and marked so.

Every number is swept every few minutes, by one process of all, and soon after each fault that may have
cost a webhook: the start of the process, a webhook that was not stored, a store that was away. A text that
a webhook brings as well is the same event, whichever comes first.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from orchestrator.core.errors import CarrierError, TandemError
from orchestrator.core.events import TextReceived
from orchestrator.core.numbers import masked
from orchestrator.ports.sweeping import Inbound, Listed, Sweeps
from orchestrator.runner import House, Runner

log = structlog.get_logger("tandem.sweep")

LOOK = 1.0
"""Seconds between looks whether a number is to be swept."""
AFTER_FAULT = (1.0, 15.0, 60.0)
"""Seconds after a fault: at once, and again for what the carrier was just then trying to deliver."""
YOUNG = 5.0
"""Seconds in which a text is left to its webhook."""
OVERLAP = 600.0
"""Seconds before the last sweep from which the next one looks: the carrier's list is not immediate."""
FIRST_LOOK = 600.0
"""Seconds that the first sweep of a number looks back: what came before was meant for somebody else."""
HOLD = 60.0
"""Seconds that a process has a number to itself."""
LONGEST_WAIT = 300.0
MEDIA_TRIES = 3
AT_ONCE = 4
"""Numbers that a process sweeps at once."""


@dataclass(slots=True)
class Plan:
    """When a number is to be swept: at moments after a fault, and every so often. `tries` counts the
    sweeps that have failed since one was whole, `media` the tries to get what came with a text.
    """

    inbound: Inbound
    every: float
    look_back: float
    wanted: list[float] = field(default_factory=list)
    periodic_at: float = 0.0
    blocked_until: float = 0.0
    tries: int = 0
    under_way: bool = False
    media: dict[str, int] = field(default_factory=dict)

    def fault(self, now: float) -> None:
        """Something may have been lost: sweep soon, and again. A sweep that was due stays due."""
        moments = [now + pause for pause in AFTER_FAULT]
        self.wanted = [*self.wanted[:1], *moments] if self.wanted else moments

    def is_due(self, now: float) -> bool:
        """Whether it is time."""
        due = min([self.periodic_at, *self.wanted[:1]])
        return not self.under_way and now >= max(due, self.blocked_until)

    def is_settled(self, now: float, last: float) -> bool:
        """Whether a sweep that began at `last`, in another process, is as good as one that begins now."""
        if self.wanted and self.wanted[0] <= now:
            return last >= self.wanted[0] - LOOK
        return last > self.periodic_at - self.every

    def whole(self, now: float, began_at: float) -> None:
        """Everything was seen to, by a sweep that began then."""
        self.tries = 0
        self.wanted = [moment for moment in self.wanted if moment > began_at + LOOK]
        spread = random.random() * self.every / 10  # noqa: S311 - spreads processes, guards nothing
        self.periodic_at = max(now, began_at + self.every + spread)

    def failed(self, now: float) -> None:
        """Try again after a pause that grows."""
        self.blocked_until = now + min(5.0 * 2**self.tries, LONGEST_WAIT)
        self.tries = min(self.tries + 1, 10)


class Sweeper:
    """Sweeps until the house closes. `faults` counts what may have cost a webhook in this process."""

    def __init__(
        self,
        house: House,
        runner: Runner,
        sweeps: Sweeps,
        plans: Sequence[Plan],
        *,
        faults: Callable[[], int] = lambda: 0,
    ) -> None:
        self._house = house
        self._runner = runner
        self._sweeps = sweeps
        self._plans = [plan for plan in plans if plan.look_back > 0]
        self._faults = faults
        self._known_faults = faults()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Begin, and look once a second."""
        self.begin()
        while self._plans and not self._house.closing:
            await self._house.clock.sleep(LOOK)
            self.look()

    def begin(self, *, is_fault: bool = True) -> None:
        """Sweep from now on. The start of a process is a fault: the one before it may have died."""
        now = self._house.clock.now()
        for plan in self._plans:
            plan.periodic_at = now + plan.every
            if is_fault:
                plan.fault(now)

    def wanted_at(self) -> float | None:
        """When the next sweep is due that a fault asks for; None where nothing can have been lost."""
        self._heed_faults()
        moments = [max(plan.wanted[0], plan.blocked_until) for plan in self._plans if plan.wanted]
        return min(moments, default=None)

    def _heed_faults(self) -> None:
        if (faults := self._faults()) != self._known_faults:
            self._known_faults = faults
            for plan in self._plans:
                plan.fault(self._house.clock.now())

    def look(self) -> None:
        """Begin the sweeps that are due."""
        self._heed_faults()
        now = self._house.clock.now()
        for plan in self._plans:
            if plan.is_due(now):
                plan.under_way = True
                self._house.spawn(self._guarded(plan), "sweep")

    async def _guarded(self, plan: Plan) -> None:
        """One sweep; what goes wrong brings another."""
        try:
            async with self._room:
                await self._sweep(plan)
        except TandemError as error:
            plan.failed(self._house.clock.now())
            log.warning(
                "sweep.failed", number=masked(plan.inbound.number), error=str(error), tries=plan.tries
            )
        except BaseException:
            plan.failed(self._house.clock.now())
            raise
        finally:
            plan.under_way = False

    async def _sweep(self, plan: Plan) -> None:
        inbound, token, now = plan.inbound, uuid.uuid4().hex, self._house.clock.now()
        last = await self._sweeps.begin_sweep(inbound.assistant, inbound.number, token, HOLD)
        if last is None:
            plan.blocked_until = now + YOUNG
            return
        began_at = None
        try:
            if plan.is_settled(now, last):
                plan.whole(now, last)  # another process was there since
                return
            await self._take_missing(plan, last, now)
            began_at = now
            plan.whole(now, now)
        finally:
            await self._sweeps.end_sweep(inbound.assistant, inbound.number, token, began_at)

    async def _take_missing(self, plan: Plan, last: float, now: float) -> None:
        listed = await self._listed(plan, last, now)
        missing = _by_customer(await self._missing(plan.inbound.assistant, listed), now - YOUNG)
        for text in missing:
            event = await self._whole(plan, text)
            await self._runner.take(plan.inbound.assistant, text.customer, event)
        if young := [text.created_at for text in listed if text.created_at > now - YOUNG]:
            plan.wanted = sorted([*plan.wanted, max(now, *young) + YOUNG])
        log.info("sweep.done", number=masked(plan.inbound.number), listed=len(listed), taken=len(missing))

    async def _listed(self, plan: Plan, last: float, now: float) -> Sequence[Listed]:
        """What the list holds since the last sweep. The first one passes over whoever was answered since,
        by whomever: nothing else tells what is new there.
        """
        since = max(last - OVERLAP if last else now - FIRST_LOOK, now - plan.look_back)
        listed = await plan.inbound.received(since, now)
        if last or not listed:
            return listed
        answered = await plan.inbound.answered(since)
        done = [text for text in listed if text.created_at <= answered.get(text.customer, 0.0)]
        await self._sweeps.pass_over([text.event.id for text in done])
        return [text for text in listed if text not in done]

    async def _missing(self, assistant: str, listed: Sequence[Listed]) -> list[Listed]:
        address = self._house.store.address
        asked = [(address(assistant, text.customer), text.event.id, text.created_at) for text in listed]
        unknown = await self._sweeps.unknown(asked)
        return [text for text, is_unknown in zip(listed, unknown, strict=True) if is_unknown]

    async def _whole(self, plan: Plan, text: Listed) -> TextReceived:
        """The text with its media; without them where the carrier does not give them in several tries."""
        if not text.has_media:
            return text.event
        try:
            return await plan.inbound.with_media(text)
        except CarrierError as error:
            tries = plan.media.get(text.event.id, 0) + 1
            plan.media = {text.event.id: tries}
            if error.outcome == "not_sent" and tries < MEDIA_TRIES:
                raise
            return text.event


def _by_customer(texts: Sequence[Listed], young_from: float) -> list[Listed]:
    """What is taken now: the texts of one customer after another. Whoever has a young one among them waits for it: it
    may be a STOP, and goes before the answers to the older ones.
    """
    theirs: dict[str, list[Listed]] = {}
    for text in texts:
        theirs.setdefault(text.customer, []).append(text)
    whole = (each for each in theirs.values() if max(text.created_at for text in each) <= young_from)
    return [text for each in whole for text in each]
