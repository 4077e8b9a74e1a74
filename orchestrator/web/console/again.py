"""A session played again from its page: what differs, in words and marks; how it is played is known to who wires."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orchestrator.web.api.finding import Finder
from orchestrator.web.api.problems import Problem
from orchestrator.web.console.guard import Work
from orchestrator.web.console.room import Room
from orchestrator.web.console.visitors import Visitor

log = structlog.get_logger("tandem")
Replay = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Plays a session again by its id, on the served code and configuration. It gives `same`, `stopped` (why it could not
be played to its end) and `differences` (lines as of a unified diff); or its `trouble`: `unplayable` with `why`,
`busy` with another replay, `slow`, `died`.
"""
Mark = Literal["-", "+", " ", "@"]
HEAD = ("--- ", "+++ ")
"""How the two lines begin that name the sides."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what differs: `-` as it happened, `+` as it does now, blank in both, `@` where lines are left out."""

    mark: Mark
    state: str = ""
    kind: str = ""
    words: str = ""


def replaying(room: Room, finder: Finder, replay: Replay | None) -> Work | None:
    """What the button does, where a session can be played again. It changes nothing, and is on record."""
    if replay is None:
        return None

    async def again(request: Request, visitor: Visitor) -> Response:
        session_id = request.path_params["id"]
        await finder.find(session_id)
        seen = room.eyes(visitor).see(dict(await replay(session_id)))
        refusal = refused(seen)
        log.info(
            "console.acted",
            actor=visitor.actor,
            action="replay",
            session_id=session_id,
            status=refusal.status if refusal else 200,
        )
        if refusal is not None:
            raise refusal
        lines = lines_of(seen["differences"])
        panel = room.bit("session_replay.html", visitor, lines=lines)
        told = {"verdict": verdict(seen, lines), "panel": str(panel)}
        return JSONResponse({"session_id": session_id, **seen, **told})

    return again


def refused(found: Mapping[str, Any]) -> Problem | None:
    """Why there is nothing to show; None where there is."""
    later = {"Retry-After": "5"}
    trouble = found.get("trouble")
    if trouble is None:
        return None
    if trouble == "unplayable":
        return Problem(409, "not_replayable", f"This session cannot be played again: {found['why']}")
    if trouble == "busy":
        told = "Another session is being played again just now."
        return Problem(503, "replay_busy", told, hint="Try again in a moment.", headers=later)
    told = "It took too long." if trouble == "slow" else "It ended before it was done."
    return Problem(
        503, "replay_failed", told, hint="Nothing is lost by it: the session is as it was.", headers=later
    )


def verdict(found: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """What came of it, in a sentence."""
    if found["same"]:
        return "Nothing differs: it happens as it did."
    gone, new = (sum(line.mark == mark for line in lines) for mark in "-+")
    told = f"It differs: {_lines(gone)} of what happened {'is' if gone == 1 else 'are'} gone, {new} new."
    stopped = f"It could not be played to its end. {found['stopped']}" if found["stopped"] else ""
    return " ".join(filter(None, (told if lines else "", stopped)))


def _lines(number: int) -> str:
    return f"{number} line{'' if number == 1 else 's'}"


def lines_of(differences: Sequence[str]) -> list[Line]:
    """The lines of a unified diff for eyes."""
    body = differences[2:] if differences and differences[0].startswith(HEAD) else differences
    return [line for place, text in enumerate(body) if (line := line_of(text)).mark != "@" or place]


def line_of(text: str) -> Line:
    """One line; what is no line of a timeline stands as it is."""
    mark: Mark = next((mark for mark in ("-", "+", "@") if text.startswith(mark)), " ")
    if mark == "@":
        return Line(mark)
    state, kind, words = [*text[1:].split(maxsplit=2), "", "", ""][:3]
    return Line(mark, state, kind, words)
