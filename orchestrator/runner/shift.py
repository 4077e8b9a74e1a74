"""One holding of a customer's lease: events in order, each decided, asked, decided again, committed.

A shift works until its inbox is empty. What a crash leaves behind is in the store: an event that was
not consumed, or a turn that was asked in a committed session; the next shift takes it up, and asks
again with the same turn id.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

from orchestrator.core.decide import Decision, decide
from orchestrator.core.effects import AskAssistant, Document, InterruptCall, Note
from orchestrator.core.errors import AssistantError, ContractError
from orchestrator.core.events import AssistantFailed, AssistantReplied, BudgetSpent, CallStarted, Event
from orchestrator.core.ids import session_id, with_partition
from orchestrator.core.session import Session, from_document
from orchestrator.outbox import Outbox
from orchestrator.outbox.entries import read_entry
from orchestrator.ports import Commit, Committed, Fenced, Grant, Inboxed
from orchestrator.runner.commits import answer_of, behind, change
from orchestrator.runner.fallback import farewell
from orchestrator.runner.house import House, Line, log
from orchestrator.runner.wire import VOICE_REQUESTS, Letter, read_letter

MAX_ATTEMPTS = 5
"""Leases that may begin an event without finishing it, before it is given up as a dead letter."""


class FencedError(Exception):
    """The lease is someone else's by now: nothing of this shift was written."""


class BesideError(Exception):
    """The call does not own its customer's number: it is a session of its own, beside."""


class Request:
    """An open voice request in this process: its event, its deadline, and its answer to come."""

    def __init__(self, event: Event, deadline: float) -> None:
        self.event = event
        self.deadline = deadline
        self.answer: asyncio.Future[Document] = asyncio.get_running_loop().create_future()

    def resolve(self, document: Document) -> None:
        """Answer it, once."""
        if not self.answer.done():
            self.answer.set_result(document)

    def fail(self, error: BaseException) -> None:
        """Let the request learn why it gets no answer."""
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()  # the request may have left: not an unhandled failure then


class Shift:
    """The holder of one customer's lease. `first` is the event that comes before the inbox, if any."""

    def __init__(self, house: House, outbox: Outbox, grant: Grant, first: Letter | None = None) -> None:
        self.house = house
        self.outbox = outbox
        self.grant = grant
        self.version = grant.version
        self.inbox: list[Inboxed] = list(grant.inbox)
        self.session = restore(grant, first)
        self.line: Line = house.lines[self.session.assistant]
        self.holding = True

    async def run(self, request: Request | None = None) -> None:
        """Work: the open request first, if there is one, then the inbox until it is empty."""
        renewer = asyncio.ensure_future(self._renew())
        try:
            if self.session.turn is not None:
                await self._resume_turn()
            if request is not None:
                await self._take(request.event, consumed=0, request=request)
            while self.inbox:
                await self._take_next()
            if self.holding:
                await self.house.store.release(self.grant)
        except FencedError as error:
            log.warning("shift.fenced", assistant=self.session.assistant)
            self._fail(request, error)
        except BaseException as error:
            self._fail(request, error)
            await self._give_back(error)
            raise
        finally:
            renewer.cancel()
            self.house.stir(self.grant.address)

    def _fail(self, request: Request | None, error: BaseException) -> None:
        if request is not None:
            request.fail(error)

    async def _give_back(self, error: BaseException) -> None:
        """Let another shift try, after a pause that keeps a failing event from spinning."""
        if self.holding:
            with contextlib.suppress(Exception):
                await self.house.store.release(
                    self.grant, retry_in=0.0 if isinstance(error, asyncio.CancelledError) else 1.0
                )

    async def _renew(self) -> None:
        while True:
            await self.house.clock.sleep(self.house.lease_time / 3)
            if not await self.house.store.renew(self.grant):
                return

    # ---- one event -------------------------------------------------------------------------------
    async def _take_next(self) -> None:
        head = self.inbox[0]
        if head.attempt > MAX_ATTEMPTS:
            await self._give_up(head)
            return
        await self._take(read_letter(head).event, consumed=1, request=None)

    async def _take(self, event: Event, *, consumed: int, request: Request | None) -> None:
        decision = self._decide(self.session, event)
        if decision.ignored == "call_live" and isinstance(event, CallStarted):
            await self._write(decision, event, consumed=consumed)
            raise_beside(request)
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
        asking = asyncio.ensure_future(self._ask(ask))
        turn = decision.session.turn
        try:
            if turn is not None and turn.waiting:
                deadline = request.deadline if request else event.at + self._budget
                if not await self.house.within(asking, deadline - self.house.clock.now()):
                    spent = BudgetSpent(id=f"{ask.turn_id}:budget", at=event.at, turn_id=ask.turn_id)
                    decision = merged(decision, self._decide(decision.session, spent))
                    await self._write(decision, event, consumed=consumed, request=request, unfinished=True)
                    decision, consumed, request = Decision(self.session), 0, None
            reply = await asking
        finally:
            asking.cancel()
        decision = merged(decision, self._decide(decision.session, reply))
        await self._write(decision, event, consumed=consumed, request=request)

    @property
    def _budget(self) -> float:
        phone = self.line.rules.phone
        return phone.voice_budget if phone else 0.0

    async def _ask(self, ask: AskAssistant) -> AssistantReplied | AssistantFailed:
        try:
            return await self.line.assistant.ask(ask)
        except AssistantError as error:
            log.warning(
                "assistant.failed", assistant=self.session.assistant, reason=error.reason, turn_id=ask.turn_id
            )
            return AssistantFailed(
                id=f"{ask.turn_id}:failed",
                at=self.house.clock.now(),
                turn_id=ask.turn_id,
                reason=error.reason,
            )

    async def _resume_turn(self) -> None:
        """A turn was asked by a shift that is gone: ask it again, as it was."""
        turn = self.session.turn
        if turn is None:
            return
        ask = AskAssistant(turn_id=turn.id, request=turn.request, live=turn.channel == "voice")
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
        if decision.ignored:
            decision = with_note(decision, event)
        is_request = isinstance(event, VOICE_REQUESTS)
        more = unfinished or len(self.inbox) > consumed
        committed = await self._commit(
            change(
                before,
                decision,
                event,
                consumed=consumed,
                is_request=is_request,
                keep_lease=more,
                unfinished=unfinished,
            )
        )
        self.session, self.version = decision.session, committed.version
        self.inbox = list(committed.left) if more else []
        self.holding = more
        document = answer_of(decision.effects)
        if request is not None:
            request.resolve(document or self._no_call(event))
        self._perform(committed)
        self.house.stir(self.grant.address)
        lines = behind(before, decision, self.line.rules, committed.version, now)
        self.house.spawn(self.house.store.write_behind(self.grant.address, lines), "write-behind")
        if committed.left and not more:
            self.house.wake(self.grant.address)
        log.info(
            "event.decided",
            kind=type(event).__name__,
            assistant=self.session.assistant,
            session_id=self.session.id if self.session.opened_at else None,
            ignored=decision.ignored or None,
            fired=list(decision.fired),
        )

    async def _commit(self, commit: Commit) -> Committed:
        committed = await self.house.store.commit(self.grant, self.version, commit)
        if isinstance(committed, Fenced):
            self.holding = False
            raise FencedError
        return committed

    def _perform(self, committed: Committed) -> None:
        """Perform the claimed entries. A call that has just spoken to us fetches by itself."""
        waiting = {read_letter(entry).event for entry in committed.left}
        fetching = {event.call_sid for event in waiting if isinstance(event, VOICE_REQUESTS)}
        for claimed in committed.claimed:
            effect = read_entry(claimed.payload).effect
            unneeded = isinstance(effect, InterruptCall) and effect.call_sid in fetching
            perform = self.outbox.skip if unneeded else self.outbox.perform
            self.house.spawn(perform(self.grant.address, claimed), "outbox")

    def _no_call(self, event: Event) -> Document:
        """The answer to a request that no call of ours belongs to."""
        return farewell(self.line.rules, event)

    async def _give_up(self, head: Inboxed) -> None:
        """An event that no shift could finish goes to the dead letters; the next one proceeds."""
        event = read_letter(head).event
        decision = Decision(self.session, ignored="given_up")
        more = len(self.inbox) > 1
        commit = change(
            self.session, decision, event, consumed=1, is_request=False, keep_lease=more, unfinished=False
        )
        committed = await self._commit(replace(commit, dead=f"failed {head.attempt - 1} times"))
        self.version, self.inbox, self.holding = committed.version, list(committed.left) if more else [], more
        log.error("event.given_up", kind=type(event).__name__, assistant=self.session.assistant)


def restore(grant: Grant, first: Letter | None) -> Session:
    """The customer's session with the consent of the present, or an empty one with the id it would take."""
    if grant.document is not None:
        return replace(from_document(grant.document), consent=grant.consent)
    letter = read_letter(grant.inbox[0]) if grant.inbox else first
    if letter is None:
        raise ContractError("a lease without a session, an inbox or an event")
    name = session_id(letter.event.at, letter.assistant, letter.customer, letter.event.id)
    return Session(
        id=with_partition(name, grant.address.partition),
        assistant=letter.assistant,
        customer=letter.customer,
        consent=grant.consent,
        beside=grant.address != grant.address.main,
    )


def asked(decision: Decision) -> AskAssistant | None:
    """The question to the assistant that a decision holds."""
    return next((effect for effect in decision.effects if isinstance(effect, AskAssistant)), None)


def merged(first: Decision, second: Decision) -> Decision:
    """Two decisions about one event as one: the effects of both, in order."""
    return replace(second, effects=first.effects + second.effects, fired=first.fired + second.fired)


def with_note(decision: Decision, event: Event) -> Decision:
    """An ignored event leaves a line on the timeline that says why."""
    note = Note(type="event_ignored", data={"event": type(event).__name__, "reason": decision.ignored})
    return replace(decision, effects=(*decision.effects, note))


def raise_beside(request: Request | None) -> None:
    """Tell the open request that its call is a session of its own."""
    if request is not None:
        request.fail(BesideError())
