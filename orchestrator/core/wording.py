"""Words without markup, put together: as the lines of a text message, or as spoken sentences."""

from __future__ import annotations

import re
import unicodedata

BLOCK = "\v"
"""Stands in words for the edge of a block: a paragraph, a list entry, a line break."""
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)


def lines(words: str) -> str:
    """The lines of a text message: no blanks around them, at most one empty line between."""
    words = re.sub(r"\v[ \v]*", "\n", words)
    kept = [" ".join(line.split()) for line in words.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def sentences(words: str) -> str:
    """One line. The edge of a block ends a sentence; so does a line break before a capital."""
    words = _without_pictures(words)
    blocks = [block for part in words.split(BLOCK) if (block := _one_line(part))]
    ended = words.rstrip(" \n").endswith(BLOCK)
    closed = [_closed(block) if n < len(blocks) or ended else block for n, block in enumerate(blocks, 1)]
    return " ".join(closed)


def spoken(words: str) -> str:
    """Words between marks of speech: no addresses, no pictures, blanks as one blank."""
    return re.sub(r"\s+", " ", _without_pictures(words))


def _without_pictures(words: str) -> str:
    return "".join(char for char in _URL.sub("the link", words) if not _is_picture(char))


def _one_line(block: str) -> str:
    """The lines of a block as sentences; a line that begins in lower case goes on with the one before."""
    lines = [line for part in block.split("\n") if (line := " ".join(part.split())).strip(" -*\u2022")]
    follows = [*lines[1:], "a"][: len(lines)]
    return " ".join(
        line if after[0].islower() else _closed(line) for line, after in zip(lines, follows, strict=True)
    )


def _closed(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?:;,\u2026" else f"{sentence}."


def _is_picture(char: str) -> bool:
    """Emoji, arrows and what joins or colours them; signs that have a spoken name stay."""
    code = ord(char)
    return (
        (code >= 0x2190 and unicodedata.category(char) == "So")
        or 0x2190 <= code <= 0x21FF
        or 0x1F3FB <= code <= 0x1F3FF
        or code in {0x200D, 0x20E3}
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0020 <= code <= 0xE007F
    )
