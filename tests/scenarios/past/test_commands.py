"""`tandem record`, `tandem replay` and `tandem fuzz`, and where `tandem test` plays: what they tell and exit with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestrator.cli import build
from orchestrator.scenarios.stage.configuration import BUILT_IN
from tests.scenarios.past.happening import happened

Run = Callable[..., Result]


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with a configuration, and a session that happened."""
    session = happened('Ana texts: hi\nbot texts: "Hello."')
    (tmp_path / "tandem.yaml").write_text(BUILT_IN, encoding="utf-8")
    (tmp_path / "session.json").write_text(json.dumps(session), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(build(), list(arguments))


def test_record_writes_a_scenario_that_test_plays(tandem: Run) -> None:
    """What is recorded passes, and says so."""
    recorded = tandem("record", "session.json", "-o", "hi.scenario.yaml", "--name", "Ana says hi")
    played = tandem("test", "hi.scenario.yaml")

    assert (recorded.exit_code, played.exit_code) == (0, 0), recorded.output + played.output
    assert "it passes" in recorded.output
    assert "ok    Ana says hi" in played.output


def test_record_tells_what_does_not_pass(tandem: Run, tmp_path: Path) -> None:
    """The scenario is written all the same, for somebody to mend; exit 1."""
    off = BUILT_IN.replace("messaging: {", "messaging: {initiate_from_inbound: false, ")
    (tmp_path / "tandem.yaml").write_text(off, encoding="utf-8")
    result = tandem("record", "session.json")

    assert result.exit_code == 1
    assert "Customer texts" in result.output
    assert "the bot was not asked" in result.output


def test_replay_shows_what_differs(tandem: Run, tmp_path: Path) -> None:
    """Nothing on the code on which it happened; another policy is another story, and exit 1."""
    same = tandem("replay", "session.json")
    off = BUILT_IN.replace("messaging: {", "messaging: {initiate_from_inbound: false, ")
    (tmp_path / "tandem.yaml").write_text(off, encoding="utf-8")
    other = tandem("replay", "session.json", "--json")

    assert (same.exit_code, same.output) == (0, "nothing differs\n")
    assert other.exit_code == 1
    assert json.loads(other.output)["same"] is False


def test_replay_tells_what_it_cannot_play(tandem: Run, tmp_path: Path) -> None:
    """A session whose beginning is not kept: the reason in a line, and exit 1."""
    session = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    session["events"] = session["events"][1:]
    (tmp_path / "session.json").write_text(json.dumps(session), encoding="utf-8")
    result = tandem("replay", "session.json")

    assert result.exit_code == 1
    assert result.output.startswith("this session cannot be played again: its beginning is not kept")


def test_a_file_that_is_no_session_is_told(tandem: Run, tmp_path: Path) -> None:
    """Any other file is a mistake of who asks: exit 2."""
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")

    assert tandem("record", "other.json").exit_code == 2
    assert tandem("replay", "other.json").exit_code == 2


def test_fuzz_tells_its_seed(tandem: Run) -> None:
    """The seed is printed, whatever comes of it; a time that is none exits 2."""
    result = tandem("fuzz", "--seed", "3", "--runs", "2")

    assert (result.exit_code, result.output) == (0, "seed 3\n2 plays: everything holds\n")
    assert tandem("fuzz", "--time", "soon").exit_code == 2


def test_places_to_play_that_are_none(tandem: Run, tmp_path: Path) -> None:
    """No Redis at the address exits 4; a running service without its configuration is a mistake, 2."""
    (tmp_path / "a.scenario.yaml").write_text(
        "scenario: a\npeople: { Ana: +15550101234 }\nsteps: [Ana texts: hi]\n", encoding="utf-8"
    )

    assert tandem("test", "--redis", f"unix://{tmp_path}/none").exit_code == 4
    assert tandem("test", "--target", "http://127.0.0.1:1").exit_code == 2
    assert tandem("test", "--service-workers", "2").exit_code == 0
