"""A value that is never shown: tokens, keys and passwords between the file and the one place that uses them."""

from __future__ import annotations

from typing import Final

HIDDEN: Final = "•••"


class Secret:
    """A secret text. `reveal` gives it; everything that prints, formats or compares it with text does not."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one who sends or checks it."""
        return self._text

    def __bool__(self) -> bool:
        """Whether it is set at all."""
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        """Equal to a secret of the same text, to nothing else."""
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
