"""The carrier's form, read once: blanks kept, repeated names kept, nothing trimmed, nothing refused.

The signature covers every field as it was sent, so reading must not lose any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

MEDIA_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields in the order they came. `get` gives the first of a name."""

    pairs: tuple[tuple[str, str], ...]
    _first: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, body: bytes) -> Form:
        """Read a body of any bytes. What is no UTF-8 becomes U+FFFD, and then no signature matches."""
        pairs = tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
        return cls(pairs, dict(reversed(pairs)))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def get(self, name: str) -> str:
        """The field's value as sent, or nothing."""
        return self._first.get(name, "")

    def integer(self, name: str) -> int | None:
        """The field as a number of at most nine digits, or None."""
        text = self.get(name).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

    def fraction(self, name: str) -> float | None:
        """The field as a number from 0 to 1, or None where it is missing, broken or out of range."""
        try:
            number = float(self.get(name))
        except ValueError:
            return None
        return number if 0.0 <= number <= 1.0 else None


def is_form(content_type: str | None) -> bool:
    """Whether a Content-Type header announces a form, whatever parameters follow."""
    return (content_type or "").partition(";")[0].strip().lower() == MEDIA_TYPE
