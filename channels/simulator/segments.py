"""How many SMS segments a text takes: GSM 03.38 (160, 153 joined) or UCS-2 (70, 67 joined)."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # an escape and the character: two places


def segments(body: str) -> int:
    """The number of segments, at least 1."""
    if all(char in _BASIC or char in _EXTENDED for char in body):
        return _parts(sum(2 if char in _EXTENDED else 1 for char in body), 160, 153)
    return _parts(len(body.encode("utf-16-be")) // 2, 70, 67)


def _parts(length: int, alone: int, joined: int) -> int:
    return 1 if length <= alone else -(-length // joined)
