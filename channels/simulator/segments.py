"""How many SMS segments a text takes, as the carrier counts: GSM 03.38 (160, 153 joined) or UCS-2 (70, 67 joined).

The tables are the simulator's own, so that a mistake in the house's counting shows. What a reader sees as
one character stays in one segment: accents, flags, and the emoji sequences that the carrier's calculator
knows (those of 2017). Signs that stand before a digit or letter (Arabic number signs) are not among them.
"""

from __future__ import annotations

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # an escape and the character: two places
_JOINER = "\u200d"
_AFTER_JOINER = frozenset("♀♂⚕⚖✈❤🌈🌾🍳🎓🎤🎨🏫🏭💋💻💼🔧🔬🗨🚀🚒👦👧👨👩")
_JOINED = frozenset("\u200c\u0e33\u0eb3\uff9e\uff9f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
_FREE_VOWELS = frozenset("\u102b\u102c\u1038")  # Burmese: marks that stand on their own
_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))


def segments(body: str) -> int:
    """The number of segments, at least 1."""
    if all(char in _BASIC or char in _EXTENDED for char in body):
        return _count([2 if char in _EXTENDED else 1 for char in body], 160, 153)
    return _count(
        [len(cluster.encode("utf-16-be", "surrogatepass")) // 2 for cluster in _clusters(body)], 70, 67
    )


def _count(sizes: list[int], alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > joined:
            count, used = count + 1, 0
        used += size
    return count


def _clusters(body: str) -> list[str]:
    found: list[str] = []
    for char in body:
        if found and _joins(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _joins(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if unicodedata.category(last) in {"Cc", "Zl", "Zp"} or last in {"\u200b", "\u00ad", "\ufeff"}:
        return False
    if char in _FLAG_LETTERS:
        return cluster in _FLAG_LETTERS
    if last == _JOINER and char in _AFTER_JOINER:
        return True
    if "\u1160" <= char <= "\u11ff":  # the vowel or the end of a Hangul syllable
        return "\u1100" <= last <= "\u11ff" or "\uac00" <= last <= "\ud7a3"
    is_mark = unicodedata.category(char)[0] == "M" and char not in _FREE_VOWELS
    return is_mark or char == _JOINER or char in _JOINED or char in _TONES
