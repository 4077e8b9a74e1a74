"""Regular expressions that assistants give, held against what customers write, in bounded time.

The standard library tries one way through a pattern after another, and for `(a+)+b` that is more ways
than a process lives: one text would stop it, and the next process after it. Here all ways are followed
at once, by the set of places in the text that each part of the pattern can reach. The pattern is read,
and each of its characters is judged, by the standard library, so that it means the same; references
back to a group, and groups that give nothing back, cannot be followed this way and are not supported.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined] # the only reader of its syntax
from typing import Any

Places = set[int]

_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}
_ONE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN}
_AHEAD = {_constants.ASSERT, _constants.ASSERT_NOT}


def is_usable(pattern: str) -> bool:
    """Whether the pattern is a regular expression of the kind that is supported."""
    try:
        re.compile(pattern)
        return all(map(_is_followed, _read(pattern)))
    except (re.error, OverflowError, RecursionError):
        return False


def matches(pattern: str, text: str) -> bool:
    """Whether a usable pattern matches the whole text, as `re.fullmatch` has it."""
    read = _read(pattern)
    return len(text) in _Walk(read, text).through(read.data, {0})


@lru_cache(maxsize=256)
def _read(pattern: str) -> Any:
    return _parser.parse(pattern)


def _is_followed(part: Any) -> bool:
    kind, given = part
    if kind in _ONE or kind == _constants.AT:
        return True
    if kind in _AHEAD:
        return bool(given[0] > 0) and all(map(_is_followed, given[1]))
    if kind == _constants.BRANCH:
        return all(_is_followed(each) for way in given[1] for each in way)
    if kind == _constants.SUBPATTERN:
        return not (given[1] or given[2]) and all(map(_is_followed, given[3]))
    return kind in _REPEATS and all(map(_is_followed, given[2]))


class _Walk:
    """One text, gone through by all ways at once."""

    def __init__(self, pattern: Any, text: str) -> None:
        self._state = pattern.state
        self._text = text
        self._judges: dict[int, re.Pattern[str]] = {}

    def through(self, parts: Any, places: Places) -> Places:
        """Where the parts, one after the other, end from any of the places."""
        for part in parts:
            places = self._ends(part, places) if places else places
        return places

    def _ends(self, part: Any, places: Places) -> Places:
        kind, given = part
        if kind in _ONE or kind == _constants.AT:
            judge = self._judge(part)
            return {found.end() for place in places if (found := judge.match(self._text, place))}
        if kind in _AHEAD:
            wanted = kind == _constants.ASSERT
            return {place for place in places if bool(self.through(given[1].data, {place})) == wanted}
        if kind == _constants.BRANCH:
            return set().union(*(self.through(way.data, places) for way in given[1]))
        if kind == _constants.SUBPATTERN:
            return self.through(given[3].data, places)
        least, most, repeated = given
        return self._repeated(repeated.data, places, least, most)

    def _repeated(self, parts: Any, places: Places, least: int, most: int) -> Places:
        """The places after `least` to `most` rounds; one that was reached before is not left again."""
        reached = set(places)
        for _ in range(least):
            after = self.through(parts, reached)
            if after == reached:
                break
            reached = after
        new, rounds = set(reached), least
        while new and rounds < most:
            new = self.through(parts, new) - reached
            reached |= new
            rounds += 1
        return reached

    def _judge(self, part: Any) -> re.Pattern[str]:
        """The standard library's verdict on one character, or on a place between two."""
        if id(part) not in self._judges:
            self._judges[id(part)] = _compiler.compile(_parser.SubPattern(self._state, [part]))
        return self._judges[id(part)]
