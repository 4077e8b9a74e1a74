"""Chance that can be repeated: each user of it has a generator of its own, made from the run's seed."""

from __future__ import annotations

import random


def dice(seed: object) -> random.Random:
    """A generator that gives the same for the same seed."""
    return random.Random(str(seed))  # noqa: S311 - repeatable on purpose, guards nothing
