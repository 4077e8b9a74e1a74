"""A real Redis as the store of a play. Its scripts run there; the clock stays the play's.

Commands are sent by a client that waits, so that the play stands still until Redis has answered. Hints between workers,
which may be lost anyway, stay in this process. A play has a database to itself: it must be empty before, and
is empty afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from orchestrator.store.keys import PREFIX
from orchestrator.store.senders import Command

MARK = f"{PREFIX}:play"
"""Stands in a database that a play uses: what an interrupted play left may be thrown away."""
TIMEOUT = 5.0
"""Seconds to connect, and for an answer."""


class UnusableError(Exception):
    """The address is none, nobody answers there, or the database holds something that is not of a play."""


def connected(url: str) -> Redis:
    """A client. Raises UnusableError where the address is none; nothing is connected yet."""
    try:
        return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    except ValueError as error:
        raise UnusableError(f"not an address of a Redis: {error}") from None


def reserve(url: str) -> None:
    """Make sure that a play may use the database. Raises UnusableError."""
    with connected(url) as client:
        try:
            if client.exists(MARK):
                client.flushdb()
            if client.dbsize():
                raise UnusableError(
                    "the database is not empty, and plays would throw away what it holds: name another, such as .../15"
                )
        except RedisError as error:
            raise UnusableError(f"Redis does not answer: {type(error).__name__}") from None


class Real:
    """The database of one play."""

    def __init__(self, url: str) -> None:
        self.client = connected(url)
        reserve(url)
        self.client.set(MARK, "1")

    def send(self, commands: Sequence[Command]) -> list[Any]:
        """The answers, an exception in the place of each refused command."""
        pipe = self.client.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        answers: list[Any] = pipe.execute(raise_on_error=False)
        return answers

    def close(self) -> None:
        """Leave it empty."""
        self.client.flushdb()
        self.client.close()
