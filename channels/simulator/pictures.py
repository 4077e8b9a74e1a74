"""Pictures that phones send: which kinds there are, how many are kept, and the addresses that they lie at."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 5 * 1024 * 1024
"""Bytes of a picture (Twilio: Accepted content types for media, 5 MB)."""
KEPT = 40
"""Pictures kept, so that a long demo does not grow without bound; the oldest go first."""
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture under its `ME` identifier."""

    sid: str
    kind: str
    data: bytes
    at: float


class Shelf:
    """The pictures of one carrier. `base` is where its API is reached, `new_id` gives identifiers by prefix."""

    def __init__(self, base: str, account_sid: str, new_id: Callable[[str], str]) -> None:
        self._messages = f"{base}/2010-04-01/Accounts/{account_sid}/Messages"
        self._new_id = new_id
        self._pictures: dict[str, Picture] = {}

    def keep(self, data: bytes, at: float) -> Picture:
        """Put one here; ValueError says why it cannot be sent."""
        if len(data) > LARGEST:
            raise ValueError(f"a picture has at most {LARGEST // 1024 // 1024} MB")
        kind = kind_of(data)
        if not kind:
            raise ValueError("a picture is a PNG, JPEG, GIF or WebP")
        picture = Picture(self._new_id("ME"), kind, data, at)
        self._pictures[picture.sid] = picture
        while len(self._pictures) > KEPT:
            del self._pictures[next(iter(self._pictures))]
        return picture

    def find(self, sid: str) -> Picture | None:
        """The picture, while it is kept."""
        return self._pictures.get(sid)

    def drop(self, sid: str) -> None:
        """The picture is deleted."""
        self._pictures.pop(sid, None)

    def address(self, message_sid: str, sid: str) -> str:
        """Where the application finds it, for the webhook of that message."""
        return f"{self._messages}/{message_sid}/Media/{sid}"

    def at(self, address: str) -> Picture | None:
        """The picture that lies at an address of ours."""
        return self.find(address.rpartition("/Media/")[2]) if address.startswith(self._messages) else None

    def type_of(self, address: str) -> str:
        """The content type of what lies at any address: of others' as far as the name tells."""
        picture = self.at(address)
        return picture.kind if picture else mimetypes.guess_type(address)[0] or "application/octet-stream"


def kind_of(data: bytes) -> str:
    """The content type by how a picture begins; empty for anything else, an SVG with its scripts among it."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), "")
