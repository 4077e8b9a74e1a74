"""How deeply lists and objects of JSON from outside may lie in each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LEVELS = 100
"""What is stored is written and read again further down the stack, where Python's own limit of recursion comes
earlier than where it was read first (RFC 8259, 9, leaves the bound to the reader).
"""


def is_too_deep(value: Any) -> bool:
    """Whether there are more than `LEVELS` of them."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(LEVELS):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return False
    return bool(level)


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
