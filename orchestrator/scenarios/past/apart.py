"""Plays sessions again beside a running service: each in a process of its own, so that neither its loop nor its
logs nor its registries meet the service's, and its death loses nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from orchestrator.scenarios.stage import Configuration

LIMIT = 20.0
"""Seconds that a replay may take."""
PATIENCE = 5.0
"""Seconds that one waits for the one before it."""
GUEST = Path(__file__).resolve().parents[2] / "guest.py"
COMMAND = (sys.executable, "-P", str(GUEST), "replay")  # -P: the folder at hand is not searched for packages


class Apart:
    """One replay at a time, on this configuration."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        command: Sequence[str] = COMMAND,
        limit: float = LIMIT,
        patience: float = PATIENCE,
    ) -> None:
        self._configuration = configuration
        self._command = command
        self._limit = limit
        self._patience = patience
        self._turn = asyncio.Lock()

    async def __call__(
        self, session: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """`Difference.as_json()` of a session and its timeline, as the API gives them; or its `trouble`:
        `unplayable` with `why`, `busy` with another one, `slow`, or `died`.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            return {"trouble": "busy"}
        try:
            question = {"session": session, "events": events, "configuration": asdict(self._configuration)}
            return await self._ask(json.dumps(question).encode())
        finally:
            self._turn.release()

    async def _ask(self, question: bytes) -> dict[str, Any]:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # it may hold words of a customer
                start_new_session=True,  # Ctrl-C at the service is not for it
            )
        except OSError:
            return {"trouble": "died"}
        try:
            async with asyncio.timeout(self._limit):
                answer, _ = await process.communicate(question)
        except TimeoutError:
            return {"trouble": "slow"}
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return read(answer, process.returncode)


def read(answer: bytes, code: int | None) -> dict[str, Any]:
    """What the process answered; one that ended otherwise has died."""
    with suppress(ValueError):
        found = json.loads(answer)
        if code == 0 and isinstance(found, dict):
            return found
    return {"trouble": "died"}
