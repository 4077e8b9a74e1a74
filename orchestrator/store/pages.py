"""Pages over many sorted sets at once, newest first, with a cursor that names the last place read."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.core.errors import BadCursorError
from orchestrator.store.link import Link

LAST = 10**15  # milliseconds: no moment is later
UNIQUE = 26  # characters at the head of a member that name it: a session id, or a digest


@dataclass(frozen=True, slots=True)
class Place:
    """One member of an index: its score in ms, itself, and the index that it stands in."""

    score: int
    member: str
    index: str = ""

    @property
    def text(self) -> str:
        """The cursor that goes on after this place."""
        raw = f"{self.score}:{self.member[:UNIQUE]}"
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        """The place of a cursor; None for the beginning. Raises `BadCursorError`."""
        if not cursor:
            return None
        try:
            padded = cursor.encode() + b"=" * (-len(cursor) % 4)
            score, _, member = base64.urlsafe_b64decode(padded).decode().partition(":")
            place = cls(int(score), member)
        except (ValueError, binascii.Error):
            place = None
        if place is None or not 0 <= place.score <= LAST or place.text != cursor:
            raise BadCursorError("this is no cursor of a page")
        return place


@dataclass(frozen=True, slots=True)
class Page:
    """Places in order; `last` says that nothing comes after them."""

    places: list[Place]
    last: bool


async def newest_first(link: Link, indexes: Sequence[str], size: int, after: Place | None) -> Page:
    """At least `size` places after `after`, unless there are no more: one round trip for all indexes, or a
    few where one of them holds most of what is newest.
    """
    depth = min(size + 1, 2 * size // max(1, len(indexes)) + 4)
    while True:
        places, known_down_to = await _look(link, indexes, depth, after)
        certain = [place for place in places if known_down_to is None or _rank(place) >= known_down_to]
        if known_down_to is None or len(certain) > size:
            certain.sort(key=_rank, reverse=True)
            return Page(certain[:size], last=known_down_to is None and len(certain) <= size)
        depth = min(size + 1, depth * 4) if depth <= size else depth * 4  # many of the very moment of `after`


async def _look(
    link: Link, indexes: Sequence[str], depth: int, after: Place | None
) -> tuple[list[Place], tuple[int, str] | None]:
    """The newest `depth` of each index after a place, and down to which rank nothing is missing; None
    where nothing is at all.
    """
    top = after.score if after else "+inf"
    commands = [
        ("ZREVRANGEBYSCORE", index, top, "-inf", "WITHSCORES", "LIMIT", 0, depth) for index in indexes
    ]
    replies = await link.many(commands)
    read = [_places(index, reply) for index, reply in zip(indexes, replies, strict=True)]
    ends = [_rank(places[-1]) for places in read if len(places) == depth]
    found = [place for places in read for place in places if not after or _rank(place) < _rank(after)]
    return found, max(ends, default=None)


def _rank(place: Place) -> tuple[int, str]:
    return (place.score, place.member[:UNIQUE])


def _places(index: str, reply: Sequence[Any]) -> list[Place]:
    """Members and scores, which RESP2 gives flat and RESP3 in pairs."""
    in_pairs = bool(reply) and isinstance(reply[0], list | tuple)
    pairs = reply if in_pairs else zip(reply[::2], reply[1::2], strict=True)
    return [Place(int(float(score)), member.decode(), index) for member, score in pairs]
