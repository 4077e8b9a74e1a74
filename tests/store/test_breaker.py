"""The circuit breaker, with a time of its own."""

from __future__ import annotations

from orchestrator.store.breaker import Breaker


class Watch:
    """A monotonic clock that stands until it is moved."""

    time = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.time


def test_it_opens_after_failures_in_a_row_only() -> None:
    """A success in between begins the count anew."""
    breaker = Breaker(failures=2, pause=1, monotonic=Watch())
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    assert breaker.is_open


def test_one_call_tries_after_each_pause() -> None:
    """After a pause one call goes out, the others go on being refused until it succeeds."""
    watch = Watch()
    breaker = Breaker(failures=1, pause=1, monotonic=watch)
    breaker.failed()
    watch.time = 1.0
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.failed()
    assert not breaker.allows()
    watch.time = 2.0
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert not breaker.is_open
