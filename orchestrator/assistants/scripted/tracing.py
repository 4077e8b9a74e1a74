"""Which steps of a script a dialogue goes through, for who wants to know: tests of scripts do."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

TRACE: ContextVar[Callable[[str, str], None] | None] = ContextVar("TRACE", default=None)
"""Is told the script's path and the step's name, each time that a step is come to."""


def come_to(script: str, step: str, last: str) -> str:
    """The step that the dialogue has come to; told unless it is the one that it was in."""
    trace = TRACE.get()
    if trace is not None and step != last:
        trace(script, step)
    return step
