"""Random callers: what holds is confirmed, what does not is found, shortened and written."""

from __future__ import annotations

import pytest

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.fuzzing import invariants, search
from orchestrator.scenarios.stage import Configuration, run
from orchestrator.scenarios.stage.scene import Scene


def _never_called(scene: Scene) -> str:
    """A rule that does not hold: it is broken by whoever calls."""
    return "somebody called" if scene.staged.carrier.calls else ""


def test_everything_holds_in_some_plays() -> None:
    """The service keeps what it promises whatever people, bot and network do."""
    found = search(Configuration(), seed=3, runs=3)

    assert (found.runs, found.reason) == (3, "")


def test_what_breaks_is_shortened_to_a_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario loads, is played, and holds little but the line that breaks the rule; its seed finds it again."""
    monkeypatch.setattr(invariants, "now", _never_called)

    found = search(Configuration(), seed=1, runs=20)
    again = search(Configuration(), seed=found.seed, runs=20)

    assert found.reason == "somebody called"
    loaded = parse(found.text)
    assert not loaded.problems, loaded.report
    assert [line.verb for line in loaded.plays[0].steps] == ["calls"]
    assert run(loaded.plays[0]).timeline
    assert again.text == found.text


def test_the_time_ends_a_search() -> None:
    """No play is begun when the time is over."""
    assert search(Configuration(), seed=1, runs=1_000, seconds=0.0).runs == 0


@pytest.mark.system
@pytest.mark.timeout(300)
def test_everything_holds_in_many_plays() -> None:
    """The same, long enough to meet what is rare."""
    found = search(Configuration(), seed=2026, runs=40)

    assert found.reason == "", found.text
