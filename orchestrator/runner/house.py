"""What a runner works with: the store, the lines of the assistants, time, and its running tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import structlog

from orchestrator.core.effects import AskAssistant
from orchestrator.core.items import Item
from orchestrator.core.session import TALKING, Session
from orchestrator.core.settings import Rules
from orchestrator.outbox.queues import Queues
from orchestrator.ports import (
    Address,
    Assistant,
    Carrier,
    Clock,
    HelpDesk,
    LogHook,
    Observer,
    Standby,
    Store,
    Unobserved,
)
from orchestrator.ports.relay import Ear
from orchestrator.ports.world import Heard
from orchestrator.runner.ahead import tell, written

log = structlog.get_logger("tandem")


class NotServedError(Exception):
    """This process is not configured for the assistant: it was removed, or a newer configuration has it."""


def never_full(_arriving: int) -> bool:
    """No bound."""
    return False


@dataclass(frozen=True, slots=True)
class Line:
    """One assistant and its ways to the customer. `texts` and `calls` may be two providers; at the `desk` sit
    humans who answer in its place. `reports` takes what is `reported` (`turn`, `message`, `call`), tried again
    for `reports_last` seconds.

    `is_full` tells that the assistant is at its bound, given how many turns are on their way to it:
    nothing more should be taken for it. `forget` lets go of what it holds elsewhere for a session that is
    over, given the session's memory; it may never come to that, so that nothing may depend on it.
    `overhears` is set where the carrier tells what callers are just saying. `senders` are the numbers that
    texts may come from, empty where the carrier chooses, `numbers` all of their account; `standby` is the account that
    sends what that one refuses for its own sake.
    """

    rules: Rules
    assistant: Assistant
    texts: Carrier | None = None
    calls: Carrier | None = None
    desk: HelpDesk | None = None
    reports: LogHook | None = None
    reported: frozenset[str] = frozenset()
    reports_last: float = 0.0
    delivery: str = "at_least_once"
    reconcile_after: float = 20.0
    senders: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    standby: Standby | None = None
    segments_per_second: float = 0.0
    queue_ahead: float = 0.0
    calls_per_second: float = 1.0
    overhears: bool = False
    is_full: Callable[[int], bool] = never_full
    forget: Callable[[dict[str, Any]], Coroutine[Any, Any, None]] | None = None


@dataclass(slots=True)
class House:
    """Shared by all shifts of a process. `stirred` wakes those who wait for a customer's lease here, and holds
    nothing that nobody waits for; `ears` are the sockets of calls that this process carries, `coming` the items of
    answers that it is being given just now: a socket that opens in the middle of one hears it from its beginning.
    """

    store: Store
    lines: Mapping[str, Line]
    clock: Clock
    lease_time: float = 15.0
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    stirred: MutableMapping[Address, asyncio.Event] = field(default_factory=WeakValueDictionary)
    ears: dict[Address, Ear] = field(default_factory=dict)
    coming: dict[Address, list[tuple[str, int, Item]]] = field(default_factory=dict)
    closing: bool = False
    observer: Observer = field(default_factory=Unobserved)
    queues: Queues = field(default_factory=Queues)
    drain: Callable[[Address], Coroutine[Any, Any, None]] | None = None
    lost: int = 0  # webhooks of texts that were answered without being stored

    def line_of(self, assistant: str) -> Line:
        """The line of an assistant. Raises `NotServedError`."""
        try:
            return self.lines[assistant]
        except KeyError:
            raise NotServedError(assistant) from None

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run work in the background; a failure is logged, never lost."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task.failed", task=task.get_name(), error=type(error).__name__, exc_info=error)

    def wake(self, address: Address) -> None:
        """See to the inbox of a customer, in the background."""
        if self.drain is not None and not self.closing:
            self.spawn(self.drain(address), "drain")

    def stir(self, address: Address) -> None:
        """Something changed for this customer: those who wait look again."""
        if (event := self.stirred.pop(address, None)) is not None:
            event.set()

    def announce(self, address: Address, session: Session) -> None:
        """Something was committed: whoever waits here looks again, and so does the call's socket elsewhere."""
        self.stir(address)
        phone = self.lines[session.assistant].rules.phone
        if phone and phone.engine == "relay" and session.live_call and address not in self.ears:
            self.spawn(self.store.hint(address), "hint")

    def hinted(self, address: Address, words: str) -> None:
        """Another process told of a commit, or of an item that the call's socket here may say ahead."""
        ear = self.ears.get(address)
        if not words:
            self.stir(address)
        elif ear is not None:
            tell(ear, words)

    def heard(self, address: Address, session: Session, ask: AskAssistant) -> Heard | None:
        """Who hears the items of an answer while it is given: the call's socket, here or elsewhere."""
        phone = self.lines[session.assistant].rules.phone
        spoken = session.call_state in TALKING and ask.request.get("reply_on") == ["voice"]
        if phone is None or phone.engine != "relay" or not spoken:
            return None
        coming = self.coming[address] = []

        def hear(place: int, item: Item) -> None:
            coming.append((ask.turn_id, place, item))
            ear = self.ears.get(address)
            if ear is not None:
                ear.item(ask.turn_id, place, item)
            else:
                self._tell_elsewhere(address, written(ask.turn_id, place, item))

        return hear

    def listen(self, address: Address, ear: Ear) -> None:
        """From now on `ear` hears the answers of a call, and what has come of the present one."""
        self.ears[address] = ear
        for turn_id, place, item in self.coming.get(address, ()):
            ear.item(turn_id, place, item)

    def _tell_elsewhere(self, address: Address, words: str) -> None:
        self.spawn(self.store.hint(address, words), "hint")

    async def wait_for_change(self, address: Address, seconds: float) -> None:
        """Until something changes for this customer in this process, or the time is over."""
        event = self.stirred.setdefault(address, asyncio.Event())
        change = asyncio.ensure_future(event.wait())
        timer = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({change, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()
            timer.cancel()

    async def within(self, task: asyncio.Future[Any], seconds: float) -> bool:
        """Whether the task is done within that many seconds; it goes on either way."""
        if seconds <= 0:
            return task.done()
        timer = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
        return task.done()

    async def settle_down(self, seconds: float) -> None:
        """Let running work, and what it leads to, finish in `seconds`; then cancel what is left: it is
        given back, and leases bring the rest elsewhere.
        """
        self.closing = True
        deadline = asyncio.get_running_loop().time() + seconds
        while self.tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self.tasks), timeout=left, return_when=asyncio.FIRST_COMPLETED)
        while self.tasks:
            ending = set(self.tasks)
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
            await asyncio.sleep(0)  # lets each leave `tasks`
