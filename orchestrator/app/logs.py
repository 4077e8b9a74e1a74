"""Logs: one JSON object a line on standard error, UTC, without numbers, secrets or message text.

Fields that hold what people say start with `pii.`; they are dropped unless `log_content` is on.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

QUIET = ("transitions", "httpx", "httpcore", "uvicorn.access")
"""Libraries that log each step or each address: their lines hold what ours must not."""


def configure(*, log_content: bool = False, level: int = logging.INFO, human: bool = False) -> None:
    """Set up structlog and the standard logging once, for a process."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    render: Any = (
        structlog.dev.ConsoleRenderer(colors=False) if human else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_content if log_content else drop_content,
            name_exception,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def drop_content(_: Any, __: str, event: Event) -> Event:
    """Drop what people said or wrote."""
    return {key: value for key, value in event.items() if not key.startswith("pii.")}


def keep_content(_: Any, __: str, event: Event) -> Event:
    """Keep it: the operator asked for it."""
    return event


def name_exception(_: Any, __: str, event: Event) -> Event:
    """An exception is told by its type and the places it passed: its message may quote a customer."""
    error = event.pop("exc_info", None)
    if error is True:  # as `log.exception` says it: the one that is handled
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = places(error)
    return event


def places(error: BaseException) -> list[str]:
    """Where the exception passed, innermost last: `module:line`."""
    found, frame = [], error.__traceback__
    while frame is not None:
        found.append(f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}")
        frame = frame.tb_next
    return found[-6:]
