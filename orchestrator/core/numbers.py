"""Phone numbers: the one form they have inside, and the form they have in a log."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: at most 15 digits, country code first


class E164(str):
    """A phone number as `+` and 7 to 15 digits. Build it with `parse` or `maybe`, never by hand."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> E164:
        """Read a number; spaces are allowed, everything else is a ValueError that says what to write."""
        compact = "".join(text.split())
        if not _E164.fullmatch(compact):
            raise ValueError("not a phone number in international form, such as +1 958 555 0123")
        return cls(compact)

    @classmethod
    def maybe(cls, text: str | None) -> E164 | None:
        """The number, or None for a withheld, SIP or client caller (`anonymous`, `sip:...`, `client:...`)."""
        compact = (text or "").strip()
        return cls(compact) if _E164.fullmatch(compact) else None


def masked(number: str | None) -> str:
    """A number for logs and shoulders: `+1555•••1234`. Anything else is hidden whole."""
    if not number:
        return "withheld"
    if not _E164.fullmatch(number):
        return "•••"
    return f"{number[:5]}•••{number[-4:]}" if len(number) > 9 else f"{number[:2]}•••{number[-2:]}"
