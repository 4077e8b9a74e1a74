"""All that a list holds, a part at a time: what moves meanwhile is told at the end, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from orchestrator.ports import Reader
from orchestrator.web.console.sifting import Filter

LOOK = 500
"""Sessions of one look at the store."""
BATCH = 25
"""Sessions whose timelines are read together."""


async def everything(reader: Reader, chosen: Filter) -> AsyncIterator[list[dict[str, Any]]]:
    """Summaries of every session that fits, the newest first. One in which something happens while they are read
    moves to the front, behind whoever reads: those come last.
    """
    seen: set[str] = set()
    newest = ""
    async for page in _pages(reader, chosen, chosen.cursor):
        newest = newest or page[0]["last_event_at"]
        seen |= {summary["id"] for summary in page}
        for start in range(0, len(page), BATCH):
            yield page[start : start + BATCH]
    if chosen.cursor:
        return
    async for page in _pages(reader, chosen, ""):
        late = [summary for summary in page if summary["last_event_at"] >= newest]
        missed = [summary for summary in late if summary["id"] not in seen]
        if missed:
            yield missed
        if len(late) < len(page):
            return


async def _pages(reader: Reader, chosen: Filter, cursor: str) -> AsyncIterator[list[dict[str, Any]]]:
    after: str | None = cursor
    while after is not None:
        page, after = await reader.sessions(**chosen.asked, limit=LOOK, cursor=after)
        if page:
            yield page
