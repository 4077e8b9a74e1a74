"""Searching over many indexes at once, newest first: each partition looks through its own, and gives what it found.

A session is found by what `behind.lua` keeps of it beside its summary (`orchestrator.core.sought`). What is kept of it
nowhere else (of one that an older release wrote) is given unproven: its summary tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.core.sought import TROUBLED, folded, head_of, is_found
from orchestrator.store.link import Link
from orchestrator.store.pages import Place
from orchestrator.store.scripts import script

LOOKED_AT = range(64, 400)
"""Sessions that one call looks at where it finds little: at least, and at most. Under a millisecond of a server, and so
few at once that the embedded store, which answers within the loop of the process, holds nothing up.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for. `q`: a part of the number or of the id, or with `anywhere` of any word that is kept."""

    q: str = ""
    anywhere: bool = False
    assistant: str = ""
    problems: bool = False

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.q or self.assistant or self.problems)

    @property
    def arguments(self) -> tuple[str, str, str, str]:
        """As `search.lua` takes it."""
        q = folded(self.q)
        said, named = (q, "") if self.anywhere else ("", q)
        return said, named, folded(self.assistant), TROUBLED if self.problems else ""

    def fits(self, summary: dict[str, Any], *, proven: bool) -> bool:
        """Whether a session that was found, or one of which nothing is kept, is what is looked for."""
        if self.assistant and summary.get("assistant") != self.assistant:
            return False
        if proven:
            return True
        if self.problems and summary.get("last_text_error") is None:
            return False
        if self.anywhere:
            return is_found(self.q, summary, ())
        number = head_of(summary).split("\t")[2]
        return folded(self.q) in number or folded(self.q) in str(summary.get("id", "")).casefold()


@dataclass(frozen=True, slots=True)
class Hit:
    """A session that was found; `proven` unless nothing was kept that it could be found by."""

    place: Place
    proven: bool


@dataclass(slots=True)
class _Index:
    """How far one index was looked through; all of it where `rest` is false."""

    key: str
    at: tuple[str, str] = ("", "")
    rest: bool = True


class Search:
    """`await search.more()` until `reached` is None or `looked` is enough."""

    def __init__(self, link: Link, indexes: Sequence[str], sought: Sought, after: Place | None) -> None:
        at = (str(after.score), after.member) if after else ("", "")
        self._indexes = [_Index(key, at) for key in indexes]
        self._link = link
        self._sought = sought
        self._hits: list[Hit] = []
        self.looked = 0
        self.reached: Place | None = after
        """Everything newer was looked at; None once everything was."""

    async def more(self, size: int, bound: int) -> list[Hit]:
        """Found sessions in their order, in one trip: about `size` where there are many, as many as `bound` sessions hold
        where there are few, or none yet.
        """
        open_ = [index for index in self._indexes if index.rest]
        most = min(size + 1, 2 * size // max(1, len(open_)) + 4)
        share = min(LOOKED_AT.stop, max(LOOKED_AT.start, 2 * bound // max(1, len(open_))))
        replies = await asyncio.gather(*(self._look(index, most, share) for index in open_))
        for index, reply in zip(open_, replies, strict=True):
            self._take(index, reply)
        return self._certain()

    def _look(self, index: _Index, most: int, share: int) -> Awaitable[Any]:
        keys = [index.key, find_key(index.key)]
        return self._link.run(script("search"), keys, (*self._sought.arguments, most, share, *index.at))

    def _take(self, index: _Index, reply: Sequence[Any]) -> None:
        done, score, member, looked, *found = reply
        index.rest = not done
        index.at = (str(int(float(score))), member.decode()) if score else index.at
        self.looked += int(looked)
        self._hits += [
            Hit(Place(int(float(at)), name.decode(), index.key), bool(proven))
            for name, at, proven in zip(found[::3], found[1::3], found[2::3], strict=True)
        ]

    def _certain(self) -> list[Hit]:
        """Those that no index can put anything before any more."""
        ends = [Place(int(index.at[0]), index.at[1]) for index in self._indexes if index.rest]
        self.reached = max(ends, key=_rank, default=None)
        self._hits.sort(key=lambda hit: _rank(hit.place), reverse=True)
        reached = self.reached
        if reached is None:
            certain = len(self._hits)
        else:
            certain = sum(_rank(hit.place) >= _rank(reached) for hit in self._hits)
        found, self._hits = self._hits[:certain], self._hits[certain:]
        return found


def find_key(index: str) -> str:
    """What the sessions of an index are found by."""
    return f"{index.rsplit('ix:', 1)[0]}find"


def _rank(place: Place) -> tuple[int, str]:
    return place.score, place.member
