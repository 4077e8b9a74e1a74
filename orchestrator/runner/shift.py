"""One holding of a customer's lease: events in order, each decided, asked, decided again, committed.

A shift works until its inbox is empty. What a crash leaves behind is in the store: an event that was
not consumed, or a turn that was asked in a committed session; the next shift takes it up, and asks
again with the same turn id.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from orchestrator.core.decide import Decision, decide
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import AssistantFailed, AssistantReplied, BudgetSpent, Event, VoiceRequest
from orchestrator.core.session import Session
from orchestrator.core.states import is_open
from orchestrator.outbox import Outbox
from orchestrator.ports import Committed, Grant, Inboxed
from orchestrator.runner.asking import failed, reply_of
from orchestrator.runner.beside import forward
from orchestrator.runner.commits import answer_of, asked, behind, change, given_up, merged, with_note
from orchestrator.runner.holding import Holding
from orchestrator.runner.house import House, Line, log
from orchestrator.runner.observing import observe
from orchestrator.runner.partials import attached
from orchestrator.runner.performing import perform
from orchestrator.runner.reports import with_reports, with_turn
from orchestrator.runner.request import BesideError, FencedError, Request
from orchestrator.runner.restoring import dated, restore
from orchestrator.runner.wire import Letter, read_letter

MAX_ATTEMPTS = 5
"""Leases that may begin an event without finishing it, before it is given up as a dead letter."""
EARLIER = 0.5
"""Seconds by which a stored request's filler is committed before the request itself gives up waiting."""


class Shift:
    """The holder of one customer's lease. `first` is the event that comes before the inbox, if any. Raises
    `NotServedError`.
    """

    def __init__(self, house: House, outbox: Outbox, grant: Grant, first: Letter | None = None) -> None:
        self.house = house
        self.outbox = outbox
        self.grant = grant
        self.lease = Holding(house, grant)
        self.inbox: list[Inboxed] = list(grant.inbox)
        self.session = restore(grant, first)
        self.line: Line = house.line_of(self.session.assistant)

    async def run(self, request: Request | None = None) -> None:
        """Work: the open request first, if there is one, then the inbox until it is empty."""
        renewer = asyncio.ensure_future(self.lease.renew())
        try:
            if self.session.turn is not None:
                await self._resume_turn()
            if request is not None:
                await self._take(dated(request.event, self.grant), consumed=0, request=request)
            while self.inbox:
                await self._take_next()
            await self.lease.release()
        except FencedError as error:
            log.warning("shift.fenced", assistant=self.session.assistant)
            self._fail(request, error)
        except BaseException as error:
            self._fail(request, error)
            await self.lease.give_back(error)
            raise
        finally:
            renewer.cancel()
            self.house.stir(self.grant.address)

    def _fail(self, request: Request | None, error: BaseException) -> None:
        if request is not None:
            request.fail(error)

    # ---- one event -------------------------------------------------------------------------------
    async def _take_next(self) -> None:
        head = self.inbox[0]
        if head.attempt > MAX_ATTEMPTS:
            await self._give_up(head)
            return
        await self._take(dated(read_letter(head).event, self.grant), consumed=1, request=None)

    async def _take(self, event: Event, *, consumed: int, request: Request | None) -> None:
        if self.line.overhears:
            event = await attached(self.house.store, self.grant.address, event, self.session)
        decision = self._decide(self.session, event)
        if decision.ignored and request is None:
            await forward(self.house, self.grant.address, read_letter(self.inbox[0]))
        if decision.ignored == "call_live" and request is not None:
            request.fail(BesideError())  # nothing is written here: repeated, the call is beside again
            return
        ask = asked(decision)
        if ask is None:
            await self._write(decision, event, consumed=consumed, request=request)
            return
        if answer_of(decision.effects) is not None:  # words that waited go out at once; the turn follows
            await self._write(decision, event, consumed=consumed, request=request, unfinished=True)
            decision, consumed, request = Decision(self.session), 0, None
        await self._answer(decision, event, ask, consumed=consumed, request=request)

    async def _answer(
        self, decision: Decision, event: Event, ask: AskAssistant, *, consumed: int, request: Request | None
    ) -> None:
        """Ask, and commit the answer; an open request gets a filler when its budget is spent."""
        asking = asyncio.ensure_future(reply_of(self.house, self.line, self.grant.address, self.session, ask))
        turn = decision.session.turn
        try:
            if turn is not None and turn.waiting:
                deadline = request.deadline if request else event.at + self._budget - EARLIER
                if not await self.house.within(asking, deadline - self.house.clock.now()):
                    spent = self._spent(event, ask, told=request is None and self._has_waited(event))
                    decision = merged(decision, self._decide(decision.session, spent))
                    await self._write(decision, event, consumed=consumed, request=request, unfinished=True)
                    decision, consumed, request = Decision(self.session), 0, None
            reply = await asking
        finally:
            asking.cancel()
        done = self._carry_out(decision.session, reply)
        done = with_turn(done, decision.session, reply, self.line, self.house.clock.now())
        again = asked(done)  # the assistant wants another turn at once
        await self._write(
            merged(decision, done), event, consumed=consumed, request=request, unfinished=again is not None
        )
        if again is not None:
            await self._answer(Decision(self.session), event, again, consumed=0, request=None)

    def _spent(self, event: Event, ask: AskAssistant, *, told: bool) -> BudgetSpent:
        return BudgetSpent(id=f"{ask.turn_id}:budget", at=event.at, turn_id=ask.turn_id, told=told)

    def _has_waited(self, event: Event) -> bool:
        """Whether a stored request waited behind others for its whole budget: it had its filler then."""
        return self.house.clock.now() >= event.at + self._budget

    def _carry_out(self, session: Session, reply: AssistantReplied | AssistantFailed) -> Decision:
        """An answer that breaks the decision counts as none: the customer is told, the turn is over."""
        try:
            return self._decide(session, reply)
        except Exception as error:  # noqa: BLE001 - whatever an answer held, the turn must not stay open
            log.error("answer.unusable", assistant=session.assistant, turn_id=reply.turn_id, exc_info=error)
            return self._decide(session, failed(reply.turn_id, self.house.clock.now(), "unusable"))

    @property
    def _budget(self) -> float:
        phone = self.line.rules.phone
        return phone.voice_budget if phone else 0.0

    async def _resume_turn(self) -> None:
        """A turn was asked by a shift that is gone: ask it again, as it was."""
        turn = self.session.turn
        if turn is None:
            return
        ask = AskAssistant(
            turn_id=turn.id,
            request=turn.request,
            live=turn.channel == "voice",
            memory=self.session.memory,
        )
        self.session = replace(self.session, turn=replace(turn, waiting=False))
        event = BudgetSpent(id=f"{turn.id}:resumed", at=self.house.clock.now(), turn_id=turn.id)
        await self._answer(Decision(self.session), event, ask, consumed=0, request=None)

    def _decide(self, session: Session, event: Event) -> Decision:
        return decide(session, event, self.house.clock.now(), self.line.rules)

    # ---- writing ---------------------------------------------------------------------------------
    async def _write(
        self,
        decision: Decision,
        event: Event,
        *,
        consumed: int,
        request: Request | None = None,
        unfinished: bool = False,
    ) -> None:
        """Commit the decision; then answer, perform what was claimed, and write behind."""
        before, now = self.session, self.house.clock.now()
        decision = with_reports(decision, before, event, self.line, now, consumed=consumed)
        if decision.ignored:
            decision = with_note(decision, event)
        more = unfinished or len(self.inbox) > consumed
        committed = await self.lease.commit(
            change(
                before,
                decision,
                event,
                consumed=consumed,
                is_request=isinstance(event, VoiceRequest),
                keep_lease=more,
                unfinished=unfinished,
            )
        )
        self.session = decision.session
        self.inbox = list(committed.left) if more else []
        observe(self.house.observer, before, decision, event, consumed=consumed)
        self._forget(before)
        self._follow_up(before, decision, committed, request, now)
        if committed.left and not more:
            self.house.wake(self.grant.address)
        self._log(event, decision)

    def _follow_up(
        self, before: Session, decision: Decision, committed: Committed, request: Request | None, now: float
    ) -> None:
        """What was committed, carried out: the answer, what was claimed, the news, the lists."""
        document = answer_of(decision.effects)
        if request is not None:
            request.resolve(document) if document else request.fail(BesideError())
        perform(self.house, self.outbox, self.grant.address, committed, now)
        self.house.announce(self.grant.address, self.session)
        lines = behind(before, decision, self.line.rules, committed.version, now)
        self.house.spawn(self.house.store.write_behind(self.grant.address, lines), "write-behind")

    def _log(self, event: Event, decision: Decision) -> None:
        log.info(
            "event.decided",
            kind=type(event).__name__,
            assistant=self.session.assistant,
            session_id=self.session.id if self.session.opened_at else None,
            ignored=decision.ignored or None,
            fired=list(decision.fired),
        )

    def _forget(self, before: Session) -> None:
        """The session is over: an assistant that holds something for it elsewhere lets go of it."""
        now = self.session
        over = not is_open(now) and (is_open(before) or before.opened_at != now.opened_at)
        if over and now.memory and self.line.forget is not None:
            self.house.spawn(self.line.forget(now.memory), "forget")

    async def _give_up(self, head: Inboxed) -> None:
        """An event that no shift could finish goes to the dead letters; the next one proceeds."""
        more = len(self.inbox) > 1
        dead = f"failed {head.attempt - 1} times"
        committed = await self.lease.commit(given_up(self.session, dead, keep_lease=more))
        self.inbox = list(committed.left) if more else []
        log.error("event.given_up", event_id=head.event_id, assistant=self.session.assistant)
