"""Words that come bit by bit, cut where they can be spoken: at the end of a sentence, or where the model stops
to think.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from orchestrator.ports.world import Clock

STALL = 0.4
"""Seconds after which the words that are there are spoken without waiting for the end of their sentence. Longer
than the gap between two words of any usable model, shorter than the silence that a caller takes for a fault.
"""
_END = re.compile(r"(?:[.!?\u2026][\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]\s*|\n+)")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+(?=\S)", re.MULTILINE)
_CODE = re.compile(r"`{1,3}([^`\n]+)`{1,3}")


class Pieces:
    """`give` is told of each piece. Without `streamed` there is one piece, at the end."""

    def __init__(self, give: Callable[[str], None], clock: Clock, *, streamed: bool) -> None:
        self._give = give
        self._clock = clock
        self._streamed = streamed
        self._rest = ""
        self._given = False
        self._timer: asyncio.Task[None] | None = None

    def feed(self, words: str) -> None:
        """Some more words."""
        self._rest += words
        if not self._streamed:
            return
        while (end := _END.search(self._rest)) is not None:
            self._cut(end.end())
        if self._rest.strip() and self._timer is None:
            self._timer = asyncio.ensure_future(self._wait())
        elif not self._rest.strip():
            self._stop()

    def end(self, *, unfinished: bool = False) -> None:
        """There are no more words. `unfinished`: the last sentence lacks its end, and is left out if another one
        stands before it.
        """
        self._stop()
        if unfinished:
            ends = list(_END.finditer(self._rest))
            whole = self._rest[: ends[-1].end()] if ends else ""
            self._rest = whole if whole or self._given else self._rest
        self._cut(len(self._rest))

    def close(self) -> None:
        """Whatever is left is not said."""
        self._stop()
        self._rest = ""

    async def _wait(self) -> None:
        """Speak what is there up to the last whole word, once nothing has ended a sentence for a while."""
        await self._clock.sleep(STALL)
        self._timer = None
        whole = self._rest.rstrip()
        end = len(whole) if whole != self._rest else whole.rfind(" ") + 1
        if whole[:end].strip():
            self._cut(end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut(self, end: int) -> None:
        self._stop()
        words, self._rest = plain(self._rest[:end]).strip(), self._rest[end:]
        if words:
            self._given = True
            self._give(words)


def plain(words: str) -> str:
    """Without the marks of Markdown that the core leaves in words: headings, bullets of stars, code."""
    return _CODE.sub(r"\1", _BULLET.sub(r"\1- ", _HEADING.sub("", words)))
