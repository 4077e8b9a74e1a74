"""Mistakes in a script, each with its place: `FILE:LINE:COLUMN: what`, the line and a caret."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from orchestrator.core.errors import TandemError


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. A `warning` does not keep the script from being played."""

    path: str
    line: int
    column: int
    message: str
    source: str = ""
    warning: bool = False

    def __str__(self) -> str:
        head = f"{self.path}:{self.line}:{self.column}: {'warning: ' if self.warning else ''}{self.message}"
        if not self.source.strip():
            return head
        return f"{head}\n    {self.source.rstrip()}\n    {' ' * (self.column - 1)}^"


class ScriptError(TandemError):
    """The script cannot be played; `problems` says where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for a word that is nearly known, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""
