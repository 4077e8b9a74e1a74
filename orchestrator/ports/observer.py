"""Who is told what happens, for figures: never a number, a session or a word of a customer."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Counts. Words given are few and known, so that each may be a label; nothing here may fail."""

    def session_opened(self) -> None:
        """A session began."""
        ...

    def text(self, direction: str, status: str) -> None:
        """A text came `in` (`taken`, `refused`, `ignored`), or one of ours went `out` (`sent`, `failed`,
        then what the carrier reports: `delivered`, `undelivered`).
        """
        ...

    def refused(self, reason: str) -> None:
        """A text was turned away."""
        ...

    def asked(self, assistant: str, outcome: str, seconds: float) -> None:
        """An assistant answered (`ok`), failed for this reason, or was waited for no longer (`given_up`)."""
        ...

    def tokens(self, assistant: str, kind: str, count: int) -> None:
        """What an answer cost, where that is counted: tokens of this kind (`prompt`, `completion`)."""
        ...

    def breaker(self, assistant: str, state: str) -> None:
        """Whether an assistant is asked: `closed` (it is), `trial` (one turn), `open` (it is left alone)."""
        ...

    def account(self, assistant: str, account: str, state: str) -> None:
        """Whether an account for texts takes any: `open`, or `shut` since it refused one for its own sake. It is
        called by its section: `messaging`, `messaging.failover`.
        """
        ...


class Unobserved:
    """`Observer` that nobody listens to."""

    def session_opened(self) -> None:
        """Nothing."""

    def text(self, direction: str, status: str) -> None:
        """Nothing."""

    def refused(self, reason: str) -> None:
        """Nothing."""

    def asked(self, assistant: str, outcome: str, seconds: float) -> None:
        """Nothing."""

    def tokens(self, assistant: str, kind: str, count: int) -> None:
        """Nothing."""

    def breaker(self, assistant: str, state: str) -> None:
        """Nothing."""

    def account(self, assistant: str, account: str, state: str) -> None:
        """Nothing."""
