"""What assistants that are reached by HTTP have in common: how much they may answer, and what breaks off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx

from orchestrator.assistants.inflating import unpacked
from orchestrator.core.errors import AssistantError

MAX_ANSWER = 1024 * 1024
"""Bytes of an answer, unpacked."""


async def chunks(response: httpx.Response, most: int = MAX_ANSWER) -> AsyncIterator[bytes]:
    """The body as it comes, up to `most` bytes."""
    size = 0
    async for chunk in unpacked(response):
        size += len(chunk)
        if size > most:
            raise AssistantError("too_large", f"more than {most} bytes", retryable=False)
        yield chunk


@contextmanager
def translated() -> Iterator[None]:
    """What goes wrong on the way, as an `AssistantError`."""
    try:
        yield
    except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout):
        raise AssistantError("timeout", "no answer in time") from None
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise AssistantError("unreachable", type(error).__name__) from None
