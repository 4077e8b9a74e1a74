"""`kind: scripted`: answers from a script's file, which is read again when it changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import structlog

from orchestrator.assistants.scripted.loader import load_script
from orchestrator.assistants.scripted.model import Script
from orchestrator.assistants.scripted.player import play
from orchestrator.assistants.scripted.problems import ScriptError
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import AssistantReplied
from orchestrator.ports.world import Clock, Heard

_log = structlog.get_logger(__name__)
DEMO = Path(__file__).with_name("demo.yaml")
"""The demo's script."""


class ScriptedAssistant:
    """Plays the script at `path`. A changed file that cannot be played leaves the last good one in force."""

    def __init__(self, path: str | Path, clock: Clock) -> None:
        self._path = Path(path)
        self._clock = clock
        self._stamp = self._stamped()
        self._script = load_script(path)
        self.error: ScriptError | None = None

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """The script's answer to one turn; it is there at once, so that `heard` has nothing to gain."""
        del heard
        now = self._clock.now()
        today = dt.datetime.fromtimestamp(now, dt.UTC).date()
        items, context = play(self.current(), ask.request, ask.turn_id, today)
        return AssistantReplied(
            id=f"reply:{ask.turn_id}", at=now, turn_id=ask.turn_id, items=items, context=context
        )

    async def close(self) -> None:
        """Nothing is held."""

    def current(self) -> Script:
        """The script in force, read again if its file has changed."""
        stamp = self._stamped()
        if stamp != self._stamp and stamp is not None:
            self._stamp = stamp
            try:
                self._script, self.error = load_script(self._path), None
            except ScriptError as error:
                self.error = error
                _log.warning("script.not_reloaded", path=str(self._path), problems=len(error.problems))
        return self._script

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
