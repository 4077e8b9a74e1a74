"""How many SMS segments a text takes, by the rules of Twilio's published calculator.

A text is GSM-7 when every character has a place in that alphabet: 160 places in a text of one segment,
153 in each of several. One other character makes all of it UCS-2: 70 and 67 units of 16 bits. The
difference is the header that joins segments, 6 bytes in each. An escaped character is never split, nor
is a grapheme cluster, save one that no segment holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from orchestrator.core.segments.alphabet import septets, units
from orchestrator.core.segments.clusters import counted

Encoding = Literal["GSM-7", "UCS-2"]

GSM_ROOM: Final = (160, 153)
UCS_ROOM: Final = (70, 67)
"""Places of a text's only segment, and of each of several (GSM 03.40: 140 bytes, 6 of them a header)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs. `units` are places of 7 bits or units of 16, headers left out.

    `blocking` holds the characters that keep the text from GSM-7, each once, in order of appearance.
    """

    encoding: Encoding
    segments: int
    units: int
    blocking: tuple[str, ...]


class Tally:
    """Segments of a text that grows cluster by cluster, in one encoding."""

    __slots__ = ("_alone", "_full", "_joined", "_used", "total")

    def __init__(self, room: tuple[int, int]) -> None:
        self._alone, self._joined = room
        self._full = self._used = 0
        self.total = 0

    def add(self, size: int) -> None:
        """Add a cluster that stays whole."""
        if self._used + size > self._joined:
            self._full += 1
            self._used = 0
        self._used += size
        self.total += size

    @property
    def segments(self) -> int:
        """At least 1: an empty text is sent and billed too."""
        return 1 if self.total <= self._alone else self._full + 1

    @property
    def joined(self) -> int:
        """The segment of several, from 0, that holds the cluster added last."""
        return self._full


def measure(text: str) -> Measure:
    """The encoding and segments of `text` as one message, whatever its length."""
    held = pieces(text)
    blocking = tuple(
        dict.fromkeys(text[start:end] for start, end in counted(text) if not septets(text[start:end]))
    )
    tally = Tally(UCS_ROOM if blocking else GSM_ROOM)
    for start, end in held:
        tally.add(units(text[start:end]) if blocking else septets(text[start]))
    return Measure("UCS-2" if blocking else "GSM-7", tally.segments, tally.total, blocking)


def contents(text: str) -> tuple[str, ...]:
    """The words of each segment, in order; together they are the text."""
    taken = measure(text)
    if taken.segments == 1:
        return (text,)
    found = [""] * taken.segments
    tally = Tally(UCS_ROOM if taken.blocking else GSM_ROOM)
    for start, end in pieces(text):
        tally.add(units(text[start:end]) if taken.blocking else septets(text[start]))
        found[tally.joined] += text[start:end]
    return tuple(found)


def pieces(text: str, most: int = UCS_ROOM[1]) -> tuple[tuple[int, int], ...]:
    """What a segment border keeps whole, as spans: clusters, and of one over `most` units its characters."""
    return tuple(_pieces(text, most))


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    for start, end in counted(text):
        if end - start == 1 or units(text[start:end]) <= most:
            yield start, end
        else:
            yield from ((place, place + 1) for place in range(start, end))
