"""Whose requests are: the session that an id of the carrier belongs to, as far as the newest sessions tell."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from orchestrator.ports import Reader
from orchestrator.ports.sendings import Sendings
from orchestrator.web import cdr
from orchestrator.web.api.queries import STATES

SESSIONS = 100
"""Sessions that are looked at together."""
LOOKS = 3
"""Looks at most: three hundred sessions make about the two thousand requests that are kept."""
TAIL = 200
"""Newest lines of a session that are looked at."""


class Owners:
    """Finds sessions by the carrier's ids."""

    def __init__(self, reader: Reader, sendings: Sendings) -> None:
        self._reader = reader
        self._sendings = sendings

    async def of(self, ids: Collection[str]) -> dict[str, str]:
        """Session ids by the ids of calls and messages; without those that belong to none."""
        left, found = set(ids), dict[str, str]()
        cursor: str | None = ""
        for _ in range(LOOKS):
            if cursor is None or not left:
                break
            sessions, cursor = await self._reader.sessions(states=STATES, limit=SESSIONS, cursor=cursor)
            known = await self._look([str(session["id"]) for session in sessions], left)
            found |= {name: known[name] for name in left & known.keys()}
            left -= known.keys()
        return found

    async def _look(self, names: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
        tails = await self._reader.recent(names, TAIL)
        told = [(name, line["data"]) for name, tail in zip(names, tails, strict=True) for line in tail]
        known = _by("call_sid", told) | _by("message_sid", told)
        if known.keys() >= set(wanted):
            return known
        return await self._sent(names, _by("text_id", told)) | known

    async def _sent(self, names: Sequence[str], texts: dict[str, str]) -> dict[str, str]:
        """What went out: the outbox remembers under which id, by customer."""
        places = await asyncio.gather(*map(self._reader.session, names))
        addresses = list(dict.fromkeys(place[0] for place in places if place))
        kept = [entry for entries in await self._sendings.sendings(addresses) for entry in entries]
        sent = cdr.by_text(kept)
        return {sent[name].carrier_id: owner for name, owner in texts.items() if name in sent}


def _by(field: str, told: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    """The sessions by a field of their lines."""
    return {str(data[field]): name for name, data in told if data.get(field)}
