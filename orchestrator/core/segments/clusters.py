"""Grapheme clusters: what a reader sees as one character, an accent, a flag or a family included.

The carrier's calculator keeps clusters whole by the rules of Unicode 10 (UAX #29 with its emoji tables);
`counted` follows it, since a cluster more or less moves a segment border. Phones of today join more
(any picture after a joiner, a skin tone after any character): `seen` follows those, for cuts that a
reader would notice.

Each character gets a letter for its kind, and the rules are two patterns over the letters. Kinds come
from `unicodedata` where its categories say enough and from the tables below where they do not. Marks of
rare scripts that are newer than Unicode 10 join here and not in the calculator; the conjuncts of Indic
scripts (Unicode 15.1) are not joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

Spans = tuple[tuple[int, int], ...]

_PREPEND = "600-605 6dd 70f 8e2 d4e 110bd 111c2-111c3 11a3a 11a86-11a89 11d46"
_SPACING_NOT_JOINED = (
    "102b-102c 1038 1062-1064 1067-106d 1083 1087-108c 108f 109a-109c 1a61 1a63-1a64 aa7b aa7d 11720-11721"
)
_JOINED_BY_TABLE = "e33 eb3 1cf2-1cf3 200c ff9e-ff9f e0020-e007f"
_UNASSIGNED_CONTROL = "2065 fff0-fff8 e0000 e0002-e001f e0080-e00ff e01f0-e0fff"
_SPACING_EXTEND = "9be 9d7 b3e b57 bbe bd7 cc2 cd5-cd6 d3e d57 dcf ddf 302e-302f 1133e 11357 114b0 114bd 115af 1d165 1d16e-1d172"
_HANGUL_LEAD = "1100-115f a960-a97c"
_HANGUL_VOWEL = "1160-11a7 d7b0-d7c6"
_HANGUL_TAIL = "11a8-11ff d7cb-d7fb"
_FLAG_LETTER = "1f1e6-1f1ff"
_SKIN_TONE = "1f3fb-1f3ff"
_FAMILY = "1f466-1f469"
_TAKES_SKIN_TONE = (
    "261d 26f9 270a-270d 1f385 1f3c2-1f3c4 1f3c7 1f3ca-1f3cc 1f442-1f443 1f446-1f450 1f46e 1f470-1f478 1f47c "
    "1f481-1f483 1f485-1f487 1f4aa 1f574-1f575 1f57a 1f590 1f595-1f596 1f645-1f647 1f64b-1f64f 1f6a3 "
    "1f6b4-1f6b6 1f6c0 1f6cc 1f918-1f91c 1f91e-1f91f 1f926 1f930-1f939 1f93d-1f93e 1f9d1-1f9dd"
)
_FOLLOWS_JOINER = (
    "2640 2642 2695-2696 2708 2764 1f308 1f33e 1f373 1f393 1f3a4 1f3a8 1f3eb 1f3ed 1f48b 1f4bb-1f4bc 1f527 "
    "1f52c 1f5e8 1f680 1f692"
)
_PICTURES = (
    "a9 ae 203c 2049 2122 2139 2190-21ff 2300-27bf 2900-297f 2b00-2bff 3030 303d 3297 3299 1f000-1faff"
)


def _points(ranges: str) -> Iterator[int]:
    for entry in ranges.split():
        first, _, last = entry.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


_KINDS: dict[int, str] = {
    point: kind
    for kind, ranges in (
        ("X", _PICTURES),  # first: the kinds below are pictures too, and win
        ("P", _PREPEND),
        ("O", _SPACING_NOT_JOINED),
        ("E", _JOINED_BY_TABLE),
        ("E", _SPACING_EXTEND),
        ("C", _UNASSIGNED_CONTROL),
        ("L", _HANGUL_LEAD),
        ("V", _HANGUL_VOWEL),
        ("T", _HANGUL_TAIL),
        ("R", _FLAG_LETTER),
        ("B", _TAKES_SKIN_TONE),
        ("M", _SKIN_TONE),
        ("G", _FOLLOWS_JOINER),
        ("W", _FAMILY),
        ("Z", "200d"),
        ("r", "d"),
        ("n", "a"),
    )
    for point in _points(ranges)
}
_BY_CATEGORY = {"Mn": "E", "Me": "E", "Mc": "S"} | dict.fromkeys(("Cc", "Cf", "Cs", "Zl", "Zp"), "C")
_HANGUL = range(0xAC00, 0xD7A4)  # whole syllables; every 28th has no tail

_HANGUL_BLOCK = "L*(?:HV*|V+|J)T*|L+|T+"
_COUNTED = re.compile(  # the calculator lets a flag take one mark, and a sign before a flag ends its pair
    rf"[Crn]|RR[ESZ]?|PR[ESZ]?|P*(?:{_HANGUL_BLOCK}|[BW]E*M|[^Crn])(?:[ESZ]|(?<=Z)G|(?<=Z)W(?:E*M)?)*"
)
_SEEN = re.compile(rf"rn|[Crn]|(?:RR|P*(?:{_HANGUL_BLOCK}|[^Crn]))(?:[ESZM]|(?<=Z)[BGWX])*")


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    point = ord(char)
    if point in _HANGUL:
        return "J" if (point - _HANGUL.start) % 28 else "H"
    return _KINDS.get(point) or _BY_CATEGORY.get(unicodedata.category(char), "O")


def counted(text: str) -> Spans:
    """Where each cluster of the calculator begins and ends; a carriage return and a line feed are two."""
    return _spans(_COUNTED, text)


def seen(text: str) -> Spans:
    """Where each cluster that a reader sees begins and ends; no border of it is missing in `counted`."""
    return _spans(_SEEN, text)


def _spans(rule: re.Pattern[str], text: str) -> Spans:
    if text.isascii() and "\r" not in text:
        return tuple((n, n + 1) for n in range(len(text)))
    return tuple(found.span() for found in rule.finditer("".join(map(_kind, text))))
