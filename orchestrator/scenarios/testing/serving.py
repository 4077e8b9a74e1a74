"""The configurations that scenarios run with: where they are, what is wrong with them, what their scripts hold."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config import ConfigError, load
from config.backends import Backend, Scripted
from orchestrator.assistants.scripted import DEMO, ScriptError, load_script

BESIDE: Final = "tandem.yaml"
"""The configuration that serves the scenarios of its folder."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file with mistakes, and the report that shows them all."""

    file: str
    report: str
    line: int = 1
    column: int = 1


def beside(file: Path) -> Path | None:
    """The configuration in the folder of a file."""
    found = file.parent / BESIDE
    return found if found.is_file() else None


class Serving:
    """Looks at each configuration once; `live` names the assistant that answers by itself, if one does."""

    def __init__(self, live: str) -> None:
        self._live = live
        self._faults: dict[Path, Broken | None] = {}

    def fault(self, path: Path) -> Broken | None:
        """What is wrong with a configuration, or with the script of the assistant that answers; else None."""
        if path not in self._faults:
            self._faults[path] = self._look(path)
        return self._faults[path]

    def _look(self, path: Path) -> Broken | None:
        try:
            script = script_of(path, self._live)
            if script is not None:
                load_script(script)
        except ConfigError as error:
            place = error.problems[0].place
            return Broken(str(path), str(error), place.line, place.column)
        except ScriptError as error:
            first = error.problems[0]
            return Broken(first.path, str(error), first.line, first.column)
        return None


def script_of(configuration: Path, live: str) -> Path | None:
    """The script of the assistant `live`, if it has one. Raises ConfigError."""
    assistant = load(configuration, os.environ).assistants.get(live)
    backend: Backend | None = assistant.backend if assistant else None
    if not isinstance(backend, Scripted):
        return None
    return configuration.parent / backend.file if backend.file else DEMO


def nodes(served: Iterable[tuple[str, str]]) -> list[str]:
    """Every step of the scripts that answer by themselves, as coverage names them, by configuration and assistant."""
    scripts = [script_of(Path(path), live) for path, live in dict.fromkeys(served) if path and live]
    steps = [f"{script.name}: {step}" for script in scripts if script for step in load_script(script).steps]
    return list(dict.fromkeys(steps))
