"""A long text as several messages: where it is cut, and how far one message reaches.

What fits stays as it is. Else each message takes as much as its limits allow and ends at the last good
border: a blank line in its second half, the end of a sentence or line, a space. Only a run without any
border is cut elsewhere, between two characters as a reader sees them, and before an address (URL) that
a message of its own can hold. The white space at a cut is dropped, nothing else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from orchestrator.core.segments.alphabet import septets, units
from orchestrator.core.segments.borders import Border, Borders
from orchestrator.core.segments.clusters import seen
from orchestrator.core.segments.counting import GSM_ROOM, UCS_ROOM, Tally, pieces

LONGEST: Final = 1600
"""Characters that the carrier takes in one message (Twilio error 21617)."""


def parts(text: str, *, max_segments: int, max_length: int = LONGEST) -> tuple[str, ...]:
    """The text as messages of at most `max_segments` segments and `max_length` characters, in order.

    A character beyond U+FFFF counts as two, since the carrier weighs some of them more than one. A
    text that fits is one part, unchanged; a blank one has no parts, and no part is blank.

    Raises ValueError for a limit that leaves no room for a character.
    """
    if max_segments < 1 or max_length < 2:
        raise ValueError(
            f"no text fits {max_segments} segments and {max_length} characters: at least 1 and 2"
        )
    if not text.strip():
        return ()
    reader = _Reader(text, max_segments, max_length)
    if reader.reach(0) == len(text):
        return (text,)
    return tuple(part for part in reader.parts() if part.strip())


class _Reader:
    """One text under its limits."""

    def __init__(self, text: str, max_segments: int, max_length: int) -> None:
        self._text = text
        self._max_segments = max_segments
        self._max_length = max_length
        self._pieces = pieces(text, min(UCS_ROOM[1], max_length))
        self._starts = [start for start, _ in self._pieces]
        self._edges = [end for _, end in seen(text)]
        self._borders = Borders(text, {0, *self._edges})

    def parts(self) -> tuple[str, ...]:
        """The messages of a text that does not fit one."""
        place, end = self._borders.inner
        found: list[str] = []
        while (reach := self.reach(place)) < end:
            cut = self._borders.last(place, reach) or self._between_characters(place, reach)
            found.append(self._text[place : cut.end])
            place = cut.resume
        return (*found, self._text[place:end])

    def reach(self, place: int) -> int:
        """How far a message that begins at `place` can go."""
        gsm, ucs, length, is_gsm = Tally(GSM_ROOM), Tally(UCS_ROOM), 0, True
        for n in range(bisect_left(self._starts, place), len(self._pieces)):
            start, end = self._pieces[n]
            size, places = units(self._text[start:end]), septets(self._text[start:end])
            gsm.add(places)
            ucs.add(size)
            length += size
            is_gsm = is_gsm and places > 0
            if length > self._max_length or (gsm if is_gsm else ucs).segments > self._max_segments:
                return start
        return len(self._text)

    def _between_characters(self, place: int, reach: int) -> Border:
        """Where a run without borders is cut: before an address that fits, else as late as can be."""
        address = self._borders.address_around(reach)
        if address is not None and place < address[0] and self.reach(address[0]) >= address[1]:
            return Border(address[0], address[0])
        edge = self._edges[bisect_right(self._edges, reach) - 1] if self._edges[0] <= reach else 0
        cut = edge if edge > place else reach  # one character that fills more than a message
        return Border(cut, cut)
