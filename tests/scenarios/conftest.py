"""Which of the project's scenarios pytest collects by itself: those of two folders.

The others are played by `test_plays.py`: collecting a file costs each of several testers as much as playing it.
"""

from __future__ import annotations

from tests.scenarios.plays_at import PLAYS

COLLECTED = {"design", "demo"}
collect_ignore = [str(folder) for folder in PLAYS.iterdir() if folder.name not in COLLECTED]
