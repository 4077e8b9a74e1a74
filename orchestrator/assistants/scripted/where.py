"""Where a dialogue stands, and how that is kept in the session's context between two turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.assistants.scripted.model import Script, Wait

KEY = "_dialogue"
"""The context key that is kept for the place in the dialogue."""
MAX_DEPTH = 20
"""Visits within visits."""
Place = tuple[str, int]


@dataclass(slots=True)
class Where:
    """The place in the dialogue: the operation that waits, and where visits came from."""

    at: Place | None = None
    stack: list[Place] = field(default_factory=list)
    tries: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Any, script: Script) -> Where:
        """What was kept; a place that the script no longer has is forgotten."""
        if not isinstance(kept, Mapping):
            return cls()
        at = _place(kept.get("at"), script)
        stack = [place for entry in _list(kept.get("stack")) if (place := _place(entry, script))]
        seen = {str(k): v for k, v in _object(kept.get("seen")).items() if isinstance(v, int)}
        if at is None or not isinstance(script.steps[at[0]].ops[at[1]], Wait):
            return cls(seen=seen)
        return cls(at, stack[:MAX_DEPTH], tries if isinstance(tries := kept.get("tries"), int) else 0, seen)

    def kept(self) -> dict[str, Any] | None:
        """What is kept until the next turn, or None when the dialogue is over."""
        if self.at is None and not self.seen:
            return None
        return {
            "at": list(self.at or ()),
            "stack": [list(p) for p in self.stack],
            "tries": self.tries,
            "seen": self.seen,
        }


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _place(entry: Any, script: Script) -> Place | None:
    match entry:
        case [str(name), int(number)] if name in script.steps and 0 <= number < len(script.steps[name].ops):
            return name, number
    return None
