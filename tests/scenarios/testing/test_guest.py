"""A project with a `config` and a `channels` of its own tests its scenarios, in either way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.testing.guests import BROKEN, CLOSED, FAILS, FAULTY, PYTHON, SHOP, SKIPPED, project, ran

PYTEST = ("python", "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "--strict-markers", "-rA")


@pytest.fixture
def guest(tmp_path: Path) -> Path:
    """The project."""
    return project(tmp_path)


def test_by_the_command(guest: Path) -> None:
    """`tandem test` plays the three scenarios of the design, though their packages come first on the path."""
    code, output = ran(guest, "tandem", "test", "plays")
    assert code == 0, output
    assert "3 scenarios: 3 passed" in output


def test_by_pytest(guest: Path) -> None:
    """Plain pytest collects them beside the project's own tests, which keep their packages; they run with the
    configuration that is named.
    """
    (guest / "shop.yaml").write_text(
        SHOP.replace("false", "true, default_failure_message: Closed."), encoding="utf-8"
    )
    (guest / "plays" / "shop.scenario.yaml").write_text(CLOSED, encoding="utf-8")
    (guest / "plays" / "skipped.scenario.yaml").write_text(SKIPPED, encoding="utf-8")
    (guest / "plays" / "faulty.scenario.yaml").write_text(FAULTY, encoding="utf-8")
    code, output = ran(guest, *PYTEST, "--scenario-config", "shop.yaml")
    assert code == 0, output
    assert "6 passed, 1 skipped, 1 xfailed" in output
    assert "SKIPPED [1] plays/skipped.scenario.yaml: not now" in output


def test_pytest_tells_failures_and_mistakes(guest: Path) -> None:
    """A failure is shown as `tandem test` shows it; a file with mistakes is an error that stops no other;
    tags are markers.
    """
    (guest / "plays" / "fails.scenario.yaml").write_text(FAILS, encoding="utf-8")
    (guest / "plays" / "broken.scenario.yaml").write_text(BROKEN, encoding="utf-8")
    code, output = ran(guest, *PYTEST, "--continue-on-collection-errors", "-m", "smoke or slow", "plays")
    assert code == 1
    assert "plays/fails.scenario.yaml:7:5: Ana hears something else" in output
    assert "plays/broken.scenario.yaml:4:9: `cals` is nothing that Ana does" in output
    assert "1 failed, 1 passed, 2 deselected, 1 error" in output
    assert "Traceback" not in output


def test_in_python(guest: Path) -> None:
    """The fixture plays line by line: a failure is that of the test's own line, an unmentioned text the test's."""
    (guest / "test_play.py").write_text(PYTHON, encoding="utf-8")
    code, output = ran(guest, *PYTEST, "test_play.py")
    assert code == 1
    assert "3 failed, 1 passed" in output, output
    for line in (
        '>       ana.hears("Hullo.")',
        '>       scenario.wait("2 min")',
        'did you mean "2m"?',
        "Ana received a text that no line mentions",
    ):
        assert line in output
