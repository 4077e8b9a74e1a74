"""The simulator's own count of segments against the answers of Twilio's calculator."""

from __future__ import annotations

import json
from pathlib import Path

from channels.simulator.segments import segments

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "segments.json").read_text(encoding="utf-8")
)


def test_the_simulator_counts_as_the_calculator_does() -> None:
    """The count is the calculator's for each of its kept answers."""
    differing = [case for case in GOLDEN["texts"] if segments(case["text"]) != len(case["segments"])]
    assert not differing, f"{len(differing)}, the first: {differing[0]!a}"


def test_half_a_character_is_counted() -> None:
    """Half of a surrogate pair, which JSON can hold, is a unit and no error."""
    assert segments("\ud83d" * 71) == 2
