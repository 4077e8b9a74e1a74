"""Pictures, sounds and other files of a text: how many a message holds, and which no carrier takes.

How large a file is, and what it truly is, only the carrier sees, when it fetches the address; it says so in
its error code.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

MOST_MEDIA = 10
"""Media of one message (Twilio, Message resource: up to ten MediaUrl)."""
WRONG_TYPE = "media_type"
"""The reason of a text with a file that no carrier takes: the same word as for the carrier's code 12300."""

_NO_MEDIA = (
    " 7z apk bat bin css dll dmg doc docx exe gz htm html iso jar js json md msi php ppt pptx ps1 py rar sh svg"
    " tar tgz xhtml xls xlsx xml yaml yml zip "
)
"""Endings of what is neither picture, sound, film, card, calendar nor PDF (Twilio: accepted content types)."""


def why_not_media(media: Sequence[str]) -> str:
    """The reason why a text with these addresses can only be refused, or an empty word."""
    return WRONG_TYPE if any(f" {_ending(address)} " in _NO_MEDIA for address in media) else ""


def batches(media: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The media of each message, in order."""
    return [media[start : start + MOST_MEDIA] for start in range(0, len(media), MOST_MEDIA)]


def _ending(address: str) -> str:
    try:
        name = urlsplit(address).path.rpartition("/")[2]
    except ValueError:
        return ""  # no address at all: the carrier says so
    return name.rpartition(".")[2].lower() if "." in name else ""
