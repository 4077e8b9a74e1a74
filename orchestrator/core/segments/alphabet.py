"""The GSM-7 alphabet: which characters a text of 7-bit places holds, and how many places each takes."""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, the default alphabet without its escape: a text that holds ESC itself is not GSM-7."""
EXTENSION = frozenset("^{}\\[~]|€\f")
"""The same standard's extension table: an escape and a character, two places that stay together."""

_PLACES = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}


def septets(cluster: str) -> int:
    """The 7-bit places of one character; 0 for what GSM-7 has no place for."""
    return _PLACES.get(cluster, 0)


def units(cluster: str) -> int:
    """The 16-bit units of UCS-2: two for characters beyond U+FFFF, most emoji among them."""
    return len(cluster) + sum(char > "\uffff" for char in cluster)
