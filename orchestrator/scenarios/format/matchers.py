"""Whether words are what a check wants. Pure; what was heard or received is the stage's to know.

Runs of blanks count as one, case counts. Only `about` hears as people do: it compares word by word,
without case, accents and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from orchestrator.core.choices import words_of
from orchestrator.scenarios.play import Match, MatchKind, Words

ABOUT_AT_MOST: Final = 0.2
"""The word error rate that `about` lets pass: wrong, missing and added words by the words wanted."""


def holds(wanted: Words, got: str | None) -> bool:
    """Whether `got` is as `wanted`; None is nothing at all, which only `absent` is."""
    match = wanted if isinstance(wanted, Match) else Match("is", wanted)
    if match.kind in {"absent", "present"}:
        return (got is None) == (match.kind == "absent")
    return got is not None and _TESTS[match.kind](match, got)


def word_error(wanted: str, got: str) -> float:
    """Words that must be changed, added or dropped to make `wanted` of `got`, by the words of `wanted`."""
    reference, heard = words_of(wanted), words_of(got)
    if not reference:
        return 0.0 if not heard else 1.0
    return _distance(reference, heard) / len(reference)


def found_in(wanted: Words, got: str) -> bool:
    """Whether something of `wanted` is in `got`: how `never` reads words."""
    return holds(Match("contains", wanted) if isinstance(wanted, str) else wanted, got)


def _distance(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Levenshtein's, over words."""
    before = list(range(len(got) + 1))
    for row, word in enumerate(wanted, 1):
        now = [row]
        for column, other in enumerate(got, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (word != other)))
        before = now
    return before[-1]


def _plain(text: str) -> str:
    return " ".join(text.split())


_TESTS: Final[dict[MatchKind, Callable[[Match, str], bool]]] = {
    "is": lambda match, got: _plain(got) == _plain(match.value),
    "contains": lambda match, got: _plain(match.value) in _plain(got),
    "starts with": lambda match, got: _plain(got).startswith(_plain(match.value)),
    "matches": lambda match, got: re.search(match.value, got) is not None,
    "one of": lambda match, got: _plain(got) in map(_plain, match.values),
    "about": lambda match, got: word_error(match.value, got) <= ABOUT_AT_MOST,
}
