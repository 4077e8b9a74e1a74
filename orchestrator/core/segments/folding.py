"""Look-alikes: characters that GSM-7 lacks, and what stands for each in it.

The first table is that of Twilio's smart encoding, entry for entry, so that a folded text is what the
carrier would send with that setting on; its widths are its own (a hard space becomes two spaces). The
second holds what that table has no entry for. A letter with its accent in one character is left alone,
and so is every other alphabet: a text in Polish or Russian stays what it is.
"""

from __future__ import annotations

import re
import unicodedata

from orchestrator.core.segments.alphabet import BASIC
from orchestrator.core.segments.borders import ADDRESS
from orchestrator.core.segments.counting import measure

_SMART = {
    '"': "ab bb 201c 201d 2ba 2ee 201f 201e 275d 275e 301d 301e ff02",
    "'": "2018 2019 2bb 2c8 2bc 2bd 2b9 201b ff07 b4 2ca 60 2cb 275b 275c 313 314 fe10 fe11",
    "/": "f7 29f8 337 338 2044 2215 ff0f",
    "1/4": "bc",
    "1/2": "bd",
    "3/4": "be",
    "\\": "29f9 29f5 20e5 fe68 ff3c",
    "_": "332 ff3f 2017",
    "|": "20d2 20d3 2223 ff5c 23b8 23b9 23d0 239c 239f",
    "-": "23bc 23bd 2015 fe63 ff0d 2010 2043 2014 2013 2022",
    "@": "fe6b ff20",
    "$": "fe69 ff04",
    "!": "1c3 fe15 fe57 ff01",
    "!!": "203c",
    "#": "fe5f ff03",
    "%": "fe6a ff05",
    "&": "fe60 ff06",
    ",": "201a 326 fe50 fe51 ff0c ff64 3001",
    "(": "2768 276a fe59 ff08 27ee 2985",
    ")": "2769 276b fe5a ff09 27ef 2986",
    "*": "204e 2217 229b 2722 2723 2724 2725 2731 2732 2733 273a 273b 273c 273d 2743 2749 274a 274b 29c6 fe61 ff0a",
    "+": "2d6 fe62 ff0b",
    ".": "3002 fe52 ff0e ff61",
    "...": "2026",
    ":": "2d0 2f8 2982 a789 fe13 ff1a",
    ";": "204f fe14 fe54 ff1b",
    "<": "fe64 ff1c 2039",
    "=": "347 a78a fe66 ff1d",
    ">": "fe65 ff1e 203a",
    "?": "fe16 fe56 ff1f",
    "^": "2c6 302 ff3e 1dcd",
    "{": "2774 fe5b ff5b",
    "}": "2775 fe5c ff5d",
    "[": "ff3b",
    "]": "ff3d",
    "~": "2dc 2f7 303 330 334 223c ff5e",
    " ": "2028 2029 2001",
    "  ": "a0 2000 2002 2003 2004 2005 2006 2007 2008 2009 200a 202f 205f 3000 8d 9f 80 90 9b",
    "       ": "9",
    "": "10 0 3 4 17 19 11 12 13 14 2060 200b 200c feff",
}
_SMART_LETTERS = {
    chr(0xFF10 + n): str(n)
    for n in range(10)  # full-width digits
} | {chr(0xFF21 + n): chr(ord("A") + n) for n in range(26)}  # full-width capitals
_SMALL_CAPITALS = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "ABCDEFGHIJKLMNOPRSTUVWYZ", strict=True)  # Q and X have none
)
_OURS = {
    "-": "2011 2012 2212 fe58",
    "'": "2032",
    '"': "2033",
    ".": "2024",
    "..": "2025",
    "x": "d7",
    "": "ad",
    "ff": "fb00",
    "fi": "fb01",
    "fl": "fb02",
    "ffi": "fb03",
    "ffl": "fb04",
    "st": "fb05 fb06",
    "IJ": "132",
    "ij": "133",
    "K": "212a",
    "Å": "212b",
    "Ω": "2126",
    ";": "37e",
}


def _by_point(table: dict[str, str]) -> dict[int, str]:
    return {int(point, 16): plain for plain, points in table.items() for point in points.split()}


_PLAIN = _by_point(_OURS) | str.maketrans(_SMART_LETTERS | _SMALL_CAPITALS) | _by_point(_SMART)
_TAKEN_APART = {unicodedata.normalize("NFD", char): char for char in BASIC if unicodedata.decomposition(char)}
_COMPOSABLE = re.compile("|".join(sorted(_TAKEN_APART)))


def fold(text: str) -> str:
    """The text with look-alikes in the place of characters that GSM-7 lacks; everything else stays.

    A letter and an accent that GSM-7 holds as one character are put together first: `n` and a tilde
    above are `ñ`, and not the `n~` that the carrier's table makes of them.
    """
    return _COMPOSABLE.sub(lambda found: _TAKEN_APART[found[0]], text).translate(_PLAIN)


_AFTER_ADDRESS = "\u2019\u201d\u00bb\u203a\u2026"
"""What may stand right behind an address and is no part of it."""


def folded(text: str) -> str:
    """The text folded, where that alone brings it down to GSM-7; else as it is. Addresses stay: a folded
    one would lead elsewhere.
    """
    if measure(text).encoding == "GSM-7":
        return text
    plain, at = "", 0
    for address in ADDRESS.finditer(text):
        kept = address[0].rstrip(_AFTER_ADDRESS)
        plain += fold(text[at : address.start()]) + kept
        at = address.start() + len(kept)
    plain += fold(text[at:])
    return plain if measure(plain).encoding == "GSM-7" else text
