"""A session that happened, as a scenario for the console. How it is written is known further out, to who wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from config import Settings
from orchestrator.ports import Clock, Reader
from orchestrator.web.api.finding import Finder
from orchestrator.web.console.doors import AsScenario
from orchestrator.web.console.session import LINES

Writing = Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]], str], str]
"""The text of a scenario out of a session and its timeline, as the API gives them, and of what its assistant's
configuration has said before the first answer.
"""


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
