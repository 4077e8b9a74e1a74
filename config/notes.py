"""What one reading of a configuration notes down: mistakes, values, places and origins, all by key path."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.environment import Override
from config.kinds import MistakeError
from config.origin import Origin
from config.problems import Place, Problem, Source


@dataclass(slots=True)
class Notes:
    """One reading: what it reads from, and what it found. `values` holds only what the file or a variable gave."""

    source: Source
    environ: Dict[str, str]
    folder: Path
    overrides: Dict[str, Override]
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def wrong(self, place: Place, path: str, mistake: MistakeError, variable: str = "") -> None:
        """Note a mistake; one in a variable's value by the variable's name."""
        message = f"{variable} in the environment: {mistake.message}" if variable else mistake.message
        self.problems.append(
            Problem(place=place, path=path, message=message, expected=mistake.expected, meant=mistake.meant)
        )

    def attempted(self, path: str) -> bool:
        """Whether a section stands at the path, right or wrong."""
        return path in self.places or any(each.path == path for each in self.problems)

    def has_overrides(self, path: str) -> bool:
        """Whether a variable sets a field below the path."""
        return any(each.startswith(f"{path}.") for each in self.overrides)


def join(path: str, name: str) -> str:
    """The path of a key inside a section."""
    return f"{path}.{name}" if path else name
