"""The carrier's memory: account, numbers, messages, calls, opt-outs, phones, and the event feed.

Nothing here speaks HTTP. Everything that happens passes `emit`, which wakes whoever waits.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from channels.simulator.bell import Bell
from channels.simulator.pictures import Shelf
from channels.simulator.records import Call, Exchange, Heard, Message, Number, Observation, ReceivedText
from channels.simulator.trouble import Fate, Trouble
from orchestrator.ports import Clock

Observer = Callable[[Observation], Awaitable[None]]
Fates = Callable[[Message], Awaitable[Fate | None]]
"""Decides, in its own time, how a text ends that the carrier took: None is delivered."""
KEPT = 10_000
"""Observations and webhook attempts kept, so that a long demo does not grow without bound."""


@dataclass(slots=True)
class Phone:
    """A customer's telephone: what it experienced, and how it answers calls to it.

    `answers`: None rings until the handset decides, True picks up, False declines.
    """

    number: str
    heard: list[Heard] = field(default_factory=list)
    received: list[ReceivedText] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    ringing: list[str] = field(default_factory=list)
    answers: bool | None = None
    is_machine: bool = False
    bell: Bell = field(default_factory=Bell)


class World:
    """The state that all parts of the simulator share."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        clock: Clock,
        ids: Callable[[], str] | None = None,
        base_url: str = "",
    ) -> None:
        self._new_id = ids or _random_id
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock = clock
        self.shelf = Shelf(base_url, account_sid, self.sid)
        self.trouble = Trouble()
        self.fate: Fates | None = None
        self.bell = Bell()
        self.numbers: dict[str, Number] = {}
        self.services: dict[str, tuple[str, ...]] = {}
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.phones: dict[str, Phone] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.outcomes: dict[str, str] = {}
        self.rings_everywhere = False
        self.faults: list[str] = []
        self.events: deque[Observation] = deque(maxlen=KEPT)
        self.happened = 0
        """How many observations there were, those no longer kept among them."""
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self._observers: list[asyncio.Queue[Observation]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def sid(self, prefix: str) -> str:
        """A new identifier: two letters and 32 hexadecimal digits."""
        return prefix + self._new_id()

    def phone(self, number: str) -> Phone:
        """The phone with this number; any number has one."""
        return self.phones.setdefault(number, Phone(number))

    def message(self, sid: str) -> Message | None:
        """A message by its id."""
        return next((message for message in self.messages if message.sid == sid), None)

    def call(self, sid: str) -> Call | None:
        """A call by its id."""
        return next((call for call in self.calls if call.sid == sid), None)

    def emit(self, kind: str, *, number: str = "", call_sid: str = "", **data: Any) -> None:
        """Something happened: keep it, tell the observers, wake whoever waits."""
        observation = Observation(kind, self.clock.now(), number, call_sid, data)
        self.events.append(observation)
        self.happened += 1
        for queue in self._observers:
            queue.put_nowait(observation)
        self.bell.ring()
        if number in self.phones:
            self.phones[number].bell.ring()

    def fault(self, what: str, *, call_sid: str = "") -> None:
        """Something that Twilio would have refused, or reported in its debugger."""
        self.faults.append(what)
        self.emit("fault", call_sid=call_sid, what=what)

    def observe(self, observer: Observer) -> None:
        """Tell `observer` of everything from now on, one thing after the other."""
        queue: asyncio.Queue[Observation] = asyncio.Queue()
        self._observers.append(queue)
        self.spawn(_feed(queue, observer))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something beside; it is ended by `close` at the latest."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.fault(f"the simulator itself failed: {task.exception()!r}")

    async def close(self) -> None:
        """End everything that runs, and what it begins while ending."""
        while tasks := [task for task in self._tasks if task is not asyncio.current_task()]:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _random_id() -> str:
    return secrets.token_hex(16)


async def _feed(queue: asyncio.Queue[Observation], observer: Observer) -> None:
    while True:
        await observer(await queue.get())
