"""Times of day: those in which texts that nobody asked for wait, and those in which we call."""

from __future__ import annotations

from orchestrator.core.settings import Rules

MINUTE = 60.0
DAY_OF_MINUTES = 1440


def quiet_until(rules: Rules, now: float) -> float:
    """When the quiet hours end that hold at `now` (Unix seconds); 0 where none hold."""
    hours = rules.messaging.quiet_hours if rules.messaging else None
    if hours is None or not _is_between(rules.minute_of_day(now), *hours):
        return 0.0
    end = hours[1] % DAY_OF_MINUTES
    begun = now - now % MINUTE
    until = begun + MINUTE * ((end - rules.minute_of_day(begun)) % DAY_OF_MINUTES)
    return until + MINUTE * _missing(rules.minute_of_day(until), end)


def is_calling_time(rules: Rules, now: float) -> bool:
    """Whether customers are called at `now` (Unix seconds)."""
    hours = rules.phone.call_hours if rules.phone else None
    return hours is None or _is_between(rules.minute_of_day(now), *hours)


def _is_between(minute: int, start: int, end: int) -> bool:
    """Whether a minute of the day is in hours that may go over midnight."""
    return start <= minute < end if start <= end else not end <= minute < start


def _missing(shown: int, wanted: int) -> int:
    """Minutes by which clocks were moved meanwhile, for summer time or back."""
    return (wanted - shown + DAY_OF_MINUTES // 2) % DAY_OF_MINUTES - DAY_OF_MINUTES // 2
