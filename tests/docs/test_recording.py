"""The README shows a real play of the demo."""

from __future__ import annotations

from tests.docs.blocks import ROOT
from tools.record_demo import play, recorded, said


def test_the_readme_shows_what_the_demo_prints() -> None:
    """What is said and written in the README's recording is what the demo plays now, in any lane's order."""
    shown = recorded((ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(said(shown)) == sorted(said(play())), "make record"


def test_times_and_states_do_not_count() -> None:
    """Two plays that differ in their times and in where a state shows are the same play."""
    first = "  0.3  Ana: I moved house                                in_call\n"
    assert said(first) == said("  1.7  Ana: I moved house\n") == ["Ana: I moved house"]
