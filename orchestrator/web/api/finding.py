"""Finding a session by its id, also one that has just begun: lists are written behind the commit, so
that a client may come with the id of a 202 before they tell of it.
"""

from __future__ import annotations

from typing import Any

from orchestrator.core.ids import stable_id
from orchestrator.ports import Address, Clock, Reader
from orchestrator.web.api.problems import Problem, not_found

LOOKS = (0.05, 0.1, 0.2, 0.3, 0.4)
"""Seconds between looks for a young session: together a second, which the lists are behind at most."""
YOUNG = 2.0
"""Seconds after its beginning in which a session that is not there may still be written."""


class Finder:
    """Sessions by id."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    async def find(self, session_id: str) -> tuple[Address, dict[str, Any]]:
        """Where a session lives and its summary; 404 where there is none."""
        found = await self._reader.session(session_id)
        for wait in LOOKS:
            if found is not None or not self._is_young(session_id):
                break
            await self._clock.sleep(wait)
            found = await self._reader.session(session_id)
        if found is None:
            raise no_session()
        return found

    def _is_young(self, session_id: str) -> bool:
        """Ids begin with the time they were made at, ten characters that sort by it."""
        now = self._clock.now()
        oldest, newest = (stable_id(at)[:10] for at in (now - YOUNG, now + YOUNG))
        return len(session_id) == 26 and oldest <= session_id[:10] <= newest


def no_session() -> Problem:
    """The id names no session."""
    return not_found(
        "There is no session of this id.",
        "session_not_found",
        "A session that ended is kept for `service.retention`.",
    )
