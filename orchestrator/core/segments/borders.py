"""Borders of a text at which a reader takes no offence: paragraphs, sentences, words, and addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

_GAP = re.compile(r"\s+")
_BOUND = "\u00a0\u2007\u202f"  # spaces that hold words together
_BLANK_LINE = re.compile(r"(?:\r\n?|\n|\u2028)[^\S\r\n\u2028]*[\r\n\u2028]|\u2029")
_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_ENDS = (
    ".",
    "!",
    "?",
    "\u2026",
    "\u203d",
    "\u061f",
    "\u06d4",
    "\u0964",
    "\u0965",
    "\u3002",
    "\uff01",
    "\uff1f",
)
_OPENERS = "\"'([{<\u00ab\u2018\u201c\u00bf\u00a1*_"
_CLOSERS = "\"')]}>\u00bb\u2019\u201d*_"
_WIDE_END = re.compile(r"[\u3002\uff01\uff1f\uff61]+[\u300d\u300f\u3011\uff09\u2019\u201d\"')]*(?=\S)")
_ABBREVIATIONS = re.compile(
    "mrs?|ms|dr|prof|st|sra?|srta|jr|vs|etc|no|nr|approx|ca|cf|bzw|ave|blvd|dept|ext|fig|inc|ltd|co|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+", re.IGNORECASE)


class Rank(IntEnum):
    """How good a border is, the worst first."""

    BOUND = 0
    WORD = 1
    SENTENCE = 2
    PARAGRAPH = 3


class Border(NamedTuple):
    """Where a part ends, and where the next begins: what lies between is white space."""

    end: int
    resume: int
    rank: Rank = Rank.BOUND


class Borders:
    """The borders and addresses of one text. `edges` are the places between the characters of a reader."""

    def __init__(self, text: str, edges: Collection[int]) -> None:
        self._text = text
        gaps = [gap for found in _GAP.finditer(text) if (gap := _within(found, edges))]
        start = gaps[0][1] if gaps and gaps[0][0] == 0 else 0
        end = gaps[-1][0] if gaps and gaps[-1][1] == len(text) else len(text)
        self.inner = (start, end)
        self._addresses = [found.span() for found in ADDRESS.finditer(text) if found.start() in edges]
        wide = [
            Border(at, at, Rank.SENTENCE)
            for found in _WIDE_END.finditer(text)
            if (at := found.end()) in edges
        ]
        self._borders = sorted([*self._ranked(gaps), *wide])

    def last(self, start: int, reach: int) -> Border | None:
        """The last border of the best rank between two places, the latter included.

        A blank line counts for more than a sentence in the second half only: a greeting is no message.
        """
        first = bisect_right(self._borders, start, key=attrgetter("end"))
        held = self._borders[first : bisect_right(self._borders, reach, key=attrgetter("end"))]
        middle = (start + reach) // 2
        return max(held, key=lambda border: (_worth(border, middle), border.end), default=None)

    def address_around(self, place: int) -> tuple[int, int] | None:
        """The address that a cut at `place` would break."""
        n = bisect_right(self._addresses, (place, 0)) - 1
        return (
            self._addresses[n] if n >= 0 and self._addresses[n][0] < place < self._addresses[n][1] else None
        )

    def _ranked(self, gaps: list[tuple[int, int]]) -> Iterator[Border]:
        word = 0
        opens_line = True
        for start, end in gaps:
            space = self._text[start:end]
            if start > 0:
                yield Border(
                    start, end, self._rank(self._text[word:start], space, end, opens_line=opens_line)
                )
            word, opens_line = end, not _LINE_BREAKS.isdisjoint(space)

    def _rank(self, word: str, space: str, resume: int, *, opens_line: bool) -> Rank:
        if _BLANK_LINE.search(space):
            return Rank.PARAGRAPH
        if not _LINE_BREAKS.isdisjoint(space):
            return Rank.SENTENCE
        if not space.strip(_BOUND):
            return Rank.BOUND
        follows = self._text[resume : resume + 1]
        ends = not follows.islower() and _ends_sentence(word, opens_line=opens_line)
        return Rank.SENTENCE if ends else Rank.WORD


def _worth(border: Border, middle: int) -> Rank:
    return min(border.rank, Rank.SENTENCE) if border.end < middle else border.rank


def _within(gap: re.Match[str], edges: Collection[int]) -> tuple[int, int] | None:
    """White space without what a mark at its end, or a sign before it, makes part of a character."""
    start, end = gap.start() + (gap.start() not in edges), gap.end() - (gap.end() not in edges)
    return (start, end) if start < end else None


def _ends_sentence(word: str, *, opens_line: bool) -> bool:
    """Whether a sentence ends here: not after `Dr.`, an initial, `e.g.` or the number of a list entry."""
    bare = word.rstrip(_CLOSERS)
    if not bare.endswith(_ENDS):
        return False
    if not bare.endswith(".") or bare.endswith(".."):
        return True
    stem = bare[:-1].lstrip(_OPENERS)
    is_short = (len(stem) == 1 and stem.isalpha()) or ("." in stem and len(stem) <= 4)
    is_number = opens_line and len(stem) <= 3 and stem.isdecimal()
    return not (is_short or is_number or _ABBREVIATIONS.fullmatch(stem) is not None)
