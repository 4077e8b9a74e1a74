"""The Dead letters page: what was given up, whose and why, to be sent again or discarded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.events import RETRY_HOOK, RETRY_TEXT
from orchestrator.core.session import from_document
from orchestrator.ports import DeadLetter, Operators, Reader
from orchestrator.runner.letters import whole_letter
from orchestrator.runner.views import rfc3339
from orchestrator.web.api.letters import Letters
from orchestrator.web.console.codes import why
from orchestrator.web.console.guard import Work
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_csv, as_json
from orchestrator.web.console.visitors import Visitor

log = structlog.get_logger("tandem")
PAGE = 100
FILE = 1_000
COLUMNS = (
    *("id", "at", "assistant", "phone_number", "what", "words", "reason", "meaning", "session_id"),
    *("event", "event_id"),
)
WORDS = ("body", "utterance", "digits", "text")
"""Where an event holds what somebody said or wrote."""


class LettersPage:
    """The page, its files, and what is done with a letter."""

    def __init__(self, room: Room, reader: Reader, operators: Operators, letters: Letters) -> None:
        self._room = room
        self._reader = reader
        self._operators = operators
        self._letters = letters

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page."""
        rows = await self.rows(request, visitor, PAGE)
        return self._room.page(
            "letters.html",
            visitor,
            "letters",
            rows=rows,
            dead=(await self._operators.backlog()).dead,
            q=asked(request),
            query=str(request.query_params),
        )

    async def as_json(self, request: Request, visitor: Visitor) -> Response:
        """The letters as JSON."""
        return as_json("dead_letters", await self.rows(request, visitor, FILE))

    async def as_csv(self, request: Request, visitor: Visitor) -> Response:
        """The letters as a file."""
        return as_csv("dead-letters", COLUMNS, await self.rows(request, visitor, FILE))

    async def rows(self, request: Request, visitor: Visitor, most: int) -> list[dict[str, Any]]:
        """The newest letters that fit, as this visitor sees them."""
        eyes, q = self._room.eyes(visitor), asked(request).casefold()
        letters = await self._operators.dead_letters(limit=FILE)
        told = [(letter, row_of(letter)) for letter in letters]
        kept = [(letter, row) for letter, row in told if q in " ".join(map(str, row.values())).casefold()]
        sessions = await asyncio.gather(*(self._session(letter) for letter, _ in kept[:most]))
        return [
            {**eyes.see(row), "phone_number": eyes.number(row["phone_number"]), "session_id": session}
            for (_, row), session in zip(kept, sessions, strict=False)
        ]

    async def _session(self, letter: DeadLetter) -> str | None:
        """The customer's session at that time, as far as the stored one tells: it, or the one before."""
        document = await self._reader.document(letter.address)
        with suppress(ValueError, KeyError):
            session = from_document(document) if document else None
            if session is not None:
                is_later = session.opened_at > letter.at
                return (session.previous_session_id if is_later else session.id) or None
        return None

    def doing(self, name: str, work: Callable[[Request, None], Awaitable[Response]]) -> Work:
        """What a button does, on record."""

        async def done(request: Request, visitor: Visitor) -> Response:
            answer = await work(request, None)
            letter = request.path_params["id"]
            log.info(
                "console.acted", actor=visitor.actor, action=name, letter=letter, status=answer.status_code
            )
            return answer

        return done

    def works(self) -> dict[str, Work]:
        """The buttons by the last part of their addresses."""
        letters = self._letters
        return {
            "resend": self.doing("resend", letters.retry),
            "discard": self.doing("discard", letters.drop),
        }


def asked(request: Request) -> str:
    """What is searched."""
    return request.query_params.get("q", "").strip()[:200]


def row_of(letter: DeadLetter) -> dict[str, Any]:
    """A letter as a row: what it is in words, and why it was given up."""
    whole = whole_letter(letter)
    data = whole.pop("data")
    what, words = told(whole["event"], data)
    at = rfc3339(letter.at)
    return {**whole, "at": at, "what": what, "words": words, "meaning": why(letter.reason, what)}


def told(event: str | None, data: dict[str, Any]) -> tuple[str, str]:
    """What a letter is, and what is written in it."""
    if event is None:
        return "unreadable", ""
    item = data.get("item") or {}
    if data.get("action") == RETRY_TEXT:
        return "text", str(item.get("text", ""))
    if data.get("action") == RETRY_HOOK:
        return "report", str((data.get("context") or {}).get("type", ""))
    words = next((str(data[name]) for name in WORDS if data.get(name)), "")
    return spelled(event), words or str(item.get("text", ""))


def spelled(event: str) -> str:
    """The name of an event as people write it: `TextReceived` is `text received`."""
    return "".join(f" {char.lower()}" if char.isupper() else char for char in event).strip()
