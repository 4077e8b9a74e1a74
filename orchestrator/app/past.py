"""Sessions that happened, for the console: as a scenario, and played again. How is known further out, to who wires."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config import Settings
from orchestrator.ports import Clock, Reader
from orchestrator.web.api.finding import Finder
from orchestrator.web.console.again import Replay
from orchestrator.web.console.doors import AsScenario
from orchestrator.web.console.session import LINES

Events = Sequence[Mapping[str, Any]]
Writing = Callable[[Mapping[str, Any], Events, str], str]
"""The text of a scenario out of a session and its timeline, as the API gives them, and of what its assistant's
configuration has said before the first answer.
"""
Replaying = Callable[[Mapping[str, Any], Events], Awaitable[Mapping[str, Any]]]
"""What differs when a session with its timeline is played again on the served configuration: what
`orchestrator.web.console.again.Replay` gives.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the console does with sessions that happened."""

    writing: Writing
    replaying: Replaying


def as_scenario(settings: Settings, writing: Writing, reader: Reader, clock: Clock) -> AsScenario:
    """Writes a session by its id."""
    finder = Finder(reader, clock)

    async def write(session_id: str) -> str:
        _, summary = await finder.find(session_id)
        lines = await reader.events(session_id, limit=LINES)
        named = settings.assistants.get(summary["assistant"])
        welcome = named.phone.welcome_message if named and named.phone else ""
        return writing(summary, lines, welcome)

    return write


def replays(replaying: Replaying, reader: Reader, clock: Clock) -> Replay:
    """Plays a session again by its id."""
    finder = Finder(reader, clock)

    async def replay(session_id: str) -> Mapping[str, Any]:
        _, summary = await finder.find(session_id)
        return await replaying(summary, await reader.events(session_id, limit=LINES))

    return replay
