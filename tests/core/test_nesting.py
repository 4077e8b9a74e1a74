"""The bound of levels, of lists and of objects."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.nesting import LEVELS, is_too_deep


def nested(levels: int, *, objects: bool) -> Any:
    """A value of so many levels."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value, "b": 2} if objects else [value, 2]
    return value


@pytest.mark.parametrize("objects", [True, False])
def test_a_hundred_levels_are_the_most(objects: bool) -> None:
    """The last one that fits is not too deep, one more is, and so is any number."""
    assert not is_too_deep(nested(LEVELS, objects=objects))
    assert is_too_deep(nested(LEVELS + 1, objects=objects))
    assert is_too_deep(nested(20_000, objects=objects))


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [[], {}], list(range(1000))])
def test_what_is_flat_is_not(value: Any) -> None:
    """Scalars, and what is wide."""
    assert not is_too_deep(value)
