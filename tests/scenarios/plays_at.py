"""The project's scenarios, as tests of them come by them."""

from __future__ import annotations

from pathlib import Path

from orchestrator.scenarios.format import load
from orchestrator.scenarios.play import Play

PLAYS = Path(__file__).parent / "plays"


def path_of(name: str) -> Path:
    """The file of a scenario: `starting/first-text`."""
    return PLAYS / f"{name}.scenario.yaml"


def text_of(name: str) -> str:
    """A scenario as it is written."""
    return path_of(name).read_text(encoding="utf-8")


def plays_of(name: str) -> tuple[Play, ...]:
    """A scenario, once for each row of its examples."""
    return load(path_of(name)).plays
