"""The edge of one process: every call that leaves it goes through here, is counted, and may be its last.

What a process does between two calls is invisible to the world, so that trouble at each call is
trouble at every point that matters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.reliability import virtual

Mode = Literal["die_before", "die_after", "repeat", "freeze_before", "freeze_after", "fail", "lose"]
MODES: tuple[Mode, ...] = (
    "die_before",
    "die_after",
    "repeat",
    "freeze_before",
    "freeze_after",
    "fail",
    "lose",
)
"""Before or after the call: the process is killed, or frozen and goes on. `repeat`: the call is made
twice, as a client does that lost the answer. `fail`: it is not made, and the caller is told so. `lose`:
it is made, and the caller hears an error."""
FREEZE = 50.0
"""Seconds of a freeze: longer than a lease (15 s) and than a claim holds (20 s)."""
ENDLESS = 3_000
"""Calls of one process after which its work counts as spinning."""
SEND = "carrier.send_message"
"""The call at which a freeze is the known window: between the last look at a claim and the socket."""


class EndlessError(AssertionError):
    """The process goes on and on."""


@dataclass(frozen=True)
class Trouble:
    """What happens to a process at its call number `place`, counted from 1."""

    place: int
    mode: Mode


@dataclass
class Gate:
    """Counts the calls of one process, and does to it what `trouble` says."""

    trouble: Trouble | None = None
    calls: list[str] = field(default_factory=list)
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    thaw_at: float = 0.0
    struck: str = ""
    buried: bool = False
    in_window: bool = False
    graves: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def is_up(self) -> bool:
        """Whether the process can take something now."""
        return not self.dead.is_set() and virtual.now() >= self.thaw_at

    async def through(self, name: str, make: Callable[[], Awaitable[Any]], error: Exception) -> Any:
        """Make a call of the process, or what the trouble makes of it."""
        await self._reach_socket(name)
        self.calls.append(name)
        if len(self.calls) > ENDLESS:
            raise EndlessError(name)
        mode = self.trouble.mode if self.trouble and self.trouble.place == len(self.calls) else None
        if mode:
            self.struck = name
        await self._strike(mode, "before")
        self.in_window |= mode == "freeze_before" and name == SEND
        if mode == "fail":
            raise error
        answer = await make()
        if mode == "repeat" and name.startswith("store."):
            answer = await make()
        await self._strike(mode, "after")
        if mode == "lose":
            raise error
        await self.hold()
        return answer

    async def hold(self) -> None:
        """Go on only if the process does. When the run is over, whoever tidies up here is done as well."""
        if self.buried:
            raise asyncio.CancelledError
        if self.dead.is_set():
            self.graves.append(asyncio.get_running_loop().create_future())
            await self.graves[-1]  # never
        while (left := self.thaw_at - virtual.now()) > 0:  # noqa: ASYNC110 - virtual time: no polling
            await asyncio.sleep(left)

    async def _reach_socket(self, name: str) -> None:
        """A process that freezes here has looked at its claim and has not sent yet."""
        self.in_window |= name == SEND and not self.dead.is_set() and virtual.now() < self.thaw_at
        await self.hold()

    async def _strike(self, mode: Mode | None, when: str) -> None:
        if mode == f"die_{when}":
            self.dead.set()
        elif mode == f"freeze_{when}":
            self.thaw_at = virtual.now() + FREEZE
        await self.hold()


class Gated:
    """Stands for a store, an assistant or a carrier of one process: its coroutines go through the gate."""

    def __init__(self, gate: Gate, name: str, target: Any, error: Callable[[], Exception]) -> None:
        self._gate, self._name, self._target, self._error = gate, name, target, error

    def __getattr__(self, method: str) -> Any:
        """The target's method behind the gate; what is no coroutine has no way out."""
        found = getattr(self._target, method)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def gated(*args: Any, **named: Any) -> Any:
            return await self._gate.through(
                f"{self._name}.{method}", lambda: found(*args, **named), self._error()
            )

        return gated
