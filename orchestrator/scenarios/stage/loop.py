"""Virtual time: an event loop whose clock stands still until it is told how far it may go.

The loop runs what can run. When nothing can, it is *idle*: it goes on to the next timer if that lies
within the time it was given, and otherwise tells whoever waits in `go_on`. No real time passes, and no
socket is opened: an attempt raises `OutsideError` and is remembered in `attempts`. Only `outside` lets
connections of this machine through, and real time passes there while the clock stands.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

LONGEST = 90.0
"""Real seconds that something outside may keep the play waiting."""
RESTLESS = 300_000
"""Rounds of the loop without a rest, after which nothing is expected to come to rest: a play has some thousands."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class OutsideError(OSError):
    """A connection that a play does not make."""


class StuckError(RuntimeError):
    """Nothing can run, no timer is set, and nobody waits for that."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """See the module. `time()` is 0 at the beginning."""

    def __init__(self) -> None:
        self._at = 0.0
        self._until = 0.0
        self._idle: asyncio.Future[None] | None = None
        self._outside = 0
        self._rounds = 0
        self.attempts: list[str] = []
        super().__init__(_Selector(self))

    def time(self) -> float:
        """Virtual seconds."""
        return self._at

    # ---- moving the clock ------------------------------------------------------------------------
    async def go_on(self, until: float | None = None) -> None:
        """Run until nothing can run any more and no timer is due by `until`: now, if it is not given."""
        self._until = self._at if until is None else until
        self._idle = self.create_future()
        await self._idle

    def next_timer(self) -> float | None:
        """When the next timer is due, or None."""
        times = [handle.when() for handle in self._timers() if not handle.cancelled()]
        return min(times, default=None)

    def count(self) -> None:
        """One more round without a rest. Raises `StuckError` after too many."""
        self._rounds += 1
        if self._rounds > RESTLESS:
            self._rounds = 0
            raise StuckError("the service never comes to rest")

    def rest(self) -> bool:
        """Nothing can run: go on to the next timer, or tell who waits. False: nobody does."""
        self._rounds = 0
        following = self.next_timer()
        if following is not None and following <= self._until:
            self._at = max(self._at, following)
            return True
        if self._idle is None or self._idle.done():
            return False
        self._at = max(self._at, self._until)
        self._idle.set_result(None)
        return True

    def _timers(self) -> list[asyncio.TimerHandle]:
        return self._scheduled  # type: ignore[attr-defined,no-any-return]  # CPython's heap of timers

    # ---- the world outside -----------------------------------------------------------------------
    @property
    def is_outside(self) -> bool:
        """Whether something real is being waited for."""
        return self._outside > 0

    @contextmanager
    def outside(self) -> Iterator[None]:
        """While it is open, connections of this machine may be made and are waited for."""
        self._outside += 1
        try:
            yield
        finally:
            self._outside -= 1

    def refuse(self, where: object) -> None:
        """Raise unless the address is one of this machine and something real may be waited for."""
        host = str(where[0]) if isinstance(where, tuple) and where else str(where)
        if self._outside and host in LOCAL:
            return
        self.attempts.append(host)
        raise OutsideError(f"a connection to {host}: a scenario makes none off the machine")

    async def sock_connect(self, sock: Any, address: Any) -> None:
        """As asyncio's, for addresses of this machine."""
        self.refuse(address)
        await super().sock_connect(sock, address)

    async def create_connection(
        self, protocol_factory: Any, host: Any = None, port: Any = None, **rest: Any
    ) -> Any:
        """As asyncio's, for addresses of this machine."""
        if rest.get("sock") is None:
            self.refuse((host, port))
        return await super().create_connection(protocol_factory, host, port, **rest)

    async def create_datagram_endpoint(self, *_: Any, **named: Any) -> Any:
        """Never."""
        self.refuse(named.get("remote_addr", "a datagram"))
        raise OutsideError("a datagram")

    async def getaddrinfo(self, host: Any, port: Any, **rest: Any) -> Any:
        """As asyncio's, for names of this machine."""
        self.refuse((host, port))
        return await super().getaddrinfo(host, port, **rest)

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]  # asyncio's type variables
        """At once, in this thread: a play has one."""
        del executor
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is the caller's, as from a thread
            done.set_exception(error)
        return done


class _Selector(selectors.DefaultSelector):
    """Asks without waiting; when nothing is there, the loop's time may go on instead."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        """What is ready now; waits in real time only for what is outside."""
        ready = super().select(0)
        if ready or timeout == 0:
            self._loop.count()
            return ready
        if self._loop.is_outside:
            ready = super().select(LONGEST)
            if ready:
                return ready
            raise StuckError(f"nothing came from outside within {LONGEST:g} s")
        if not self._loop.rest():
            raise StuckError("the play waits for something that never comes")
        return []
