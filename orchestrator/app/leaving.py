"""Learning that the server is about to end before ASGI tells it.

ASGI's lifespan ends only when every connection is closed, and a stream stays open until it learns that
the service ends. So the signals that end a server are heard here as well: whichever server it is, in one
process or in several, its own handler runs right after.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_by_signals(leave: Callable[[], None]) -> Iterator[None]:
    """Call `leave` at a signal that ends the process, while the block runs, before what handled it."""
    if threading.current_thread() is not threading.main_thread():  # only that one may take signals
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    ours = {number: _before(leave, handler) for number, handler in before.items() if callable(handler)}
    for number, handler in ours.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in ours.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, before[number])


def _before(leave: Callable[[], None], handler: Callable[..., Any]) -> Callable[..., Any]:
    def handle(number: int, frame: FrameType | None) -> Any:
        leave()
        return handler(number, frame)

    return handle
