"""A circuit breaker: after a few failures in a row, the store is told to be down without asking it.

Time is monotonic and given, so that tests need not wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed, until `failures` in a row; then open for `pause` seconds, after which one call may try."""

    def __init__(
        self, *, failures: int = 3, pause: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._pause = pause
        self._monotonic = monotonic
        self._failed = 0
        self._again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are refused at this moment."""
        return self._failed >= self._limit and self._monotonic() < self._again_at

    def allows(self) -> bool:
        """Whether this call may go out; the first after a pause is the trial, others go on waiting."""
        if self._failed < self._limit:
            return True
        now = self._monotonic()
        if now < self._again_at:
            return False
        self._again_at = now + self._pause
        return True

    def succeeded(self) -> None:
        """The store answered."""
        self._failed = 0

    def failed(self) -> None:
        """The store did not answer."""
        self._failed += 1
        if self._failed >= self._limit:
            self._again_at = self._monotonic() + self._pause
