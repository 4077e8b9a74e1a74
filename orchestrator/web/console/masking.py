"""Phone numbers as the console shows them: masked, unless the visitor asked to see them whole.

Numbers of ours are no secret, and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from orchestrator.core.numbers import masked

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}(?![0-9])")


class Eyes:
    """`eyes.see(value)`: text, lists and mappings with the numbers in them masked."""

    def __init__(self, *, reveals: bool, ours: Collection[str] = ()) -> None:
        self.reveals = reveals
        self._ours = ours

    def number(self, number: str | None) -> str:
        """A number, or `withheld`."""
        return number if number and self.reveals else masked(number)

    def see(self, value: Any) -> Any:
        """The same, with each number masked wherever it stands."""
        if self.reveals:
            return value
        if isinstance(value, str):
            return _NUMBER.sub(self._masked, value)
        if isinstance(value, dict):
            return {self.see(key): self.see(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.see(part) for part in value]
        return value

    def _masked(self, found: re.Match[str]) -> str:
        number = found.group()
        return number if number in self._ours else masked(number)
