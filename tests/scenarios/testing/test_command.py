"""`tandem test`: what it runs, tells, writes and exits with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from orchestrator.cli import build
from orchestrator.cli.test import run
from orchestrator.scenarios.testing import watching
from tests.scenarios.format.plays import DESIGN
from tests.scenarios.testing.guests import BROKEN, FAILS, REFUSED, SHOP

Run = Callable[..., Result]
ASKED = """\
scenario: From <city>
tags: [table]
people: {Ana: +15550101234}
steps:
  - Ana texts: From <city>
  - bot texts: <city> is nice.
  - expect: {texts: 1}
examples: [{city: Rome}, {city: Oslo}]
"""


@pytest.fixture
def tandem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `tandem test` in a folder with one scenario that passes and one table of two."""
    (tmp_path / "address.scenario.yaml").write_text(DESIGN["address"], encoding="utf-8")
    (tmp_path / "table.scenario.yaml").write_text(ASKED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(build(), ["test", *map(str, arguments)])


def test_all_pass(tandem: Run) -> None:
    """Everything below the folder at hand is played, each row of a table by itself; exit 0."""
    result = tandem()
    assert result.exit_code == 0, result.output
    assert "ok    From Oslo [city=Oslo]" in result.output
    assert "3 scenarios: 3 passed" in result.output


def test_one_fails(tandem: Run, tmp_path: Path) -> None:
    """A failure is told with its place and exits 1; the others are played, unless `-x` is given."""
    (tmp_path / "a.scenario.yaml").write_text(FAILS, encoding="utf-8")
    result = tandem()
    assert result.exit_code == 1
    assert "a.scenario.yaml:7:5: Ana hears something else" in result.output
    assert "4 scenarios: 3 passed, 1 failed" in result.output
    assert "1 scenario: 1 failed" in tandem("-x").output


def test_a_broken_file_stops_no_other(tandem: Run, tmp_path: Path) -> None:
    """A file with mistakes is reported whole, the others are played; exit 3 when nothing failed."""
    (tmp_path / "a.scenario.yaml").write_text(BROKEN, encoding="utf-8")
    result = tandem()
    assert result.exit_code == 3
    assert "a.scenario.yaml:4:9: `cals` is nothing that Ana does" in result.output
    assert 'did you mean "calls"?' in result.output
    assert "3 scenarios: 3 passed, 1 with mistakes" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "no such file"),
        (("-k", "nothing like it"), "no scenario found"),
        (("--tag", "none"), "no scenario found"),
        (("-k", "and and"), "words with and, or"),
        (("--cover-min", "101"), "less than or equal to 100"),
        (("--junit", "address.scenario.yaml/x.xml"), "cannot be written"),
    ],
)
def test_wrong_usage(tandem: Run, arguments: tuple[str, ...], message: str) -> None:
    """No scenario at all, or what cannot be, is wrong usage; exit 2."""
    result = tandem(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_some_are_chosen(tandem: Run) -> None:
    """Tags and names choose."""
    assert "2 scenarios" in tandem("--tag", "table").output
    assert "1 scenario:" in tandem("-k", "from oslo").output
    assert "3 scenarios" in tandem("--tag", "table", "--tag", "smoke").output


def test_several_processes_play_the_same(tandem: Run) -> None:
    """More processes give the same results in the same order."""

    def results(workers: int) -> list[Any]:
        told = json.loads(tandem("--json", "--workers", workers).output)
        return [(each["name"], each["result"], each["coverage"]) for each in told["scenarios"]]

    assert results(3) == results(1)
    assert [result for _, result, _ in results(2)] == ["passed"] * 3


def test_json(tandem: Run, tmp_path: Path) -> None:
    """As JSON the results hold each scenario, files with mistakes, and the coverage."""
    (tmp_path / "a.scenario.yaml").write_text(BROKEN, encoding="utf-8")
    told = json.loads(tandem("--json").output)
    assert not told["passed"]
    assert [each["file"] for each in told["scenarios"]] == ["address.scenario.yaml"] + [
        "table.scenario.yaml"
    ] * 2
    assert (told["broken"][0]["line"], told["broken"][0]["column"]) == (4, 9)
    assert "awaiting_text" not in told["coverage"]["states"]["never"]


def test_coverage_has_a_least(tandem: Run) -> None:
    """Below the percentage that is asked for it is a failure, and what was never is told."""
    result = tandem("--cover-min", "99.5")
    assert result.exit_code == 1
    assert "is below --cover-min 99.5" in result.output
    assert "never: transition" in result.output
    assert tandem("--cover", "--cover-min", "1").exit_code == 0


def test_reports_are_written(tandem: Run, tmp_path: Path) -> None:
    """JUnit's XML and the page are written where they are asked for, also below a new folder."""
    assert tandem("--junit", "out/junit.xml", "--html", "out/page.html").exit_code == 0
    assert 'tests="3"' in (tmp_path / "out" / "junit.xml").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_configuration_beside_serves(tandem: Run, tmp_path: Path) -> None:
    """A `tandem.yaml` beside a scenario serves it, `--config` before that, and else the built-in one."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "tandem.yaml").write_text(SHOP, encoding="utf-8")
    (tmp_path / "shop" / "no.scenario.yaml").write_text(REFUSED, encoding="utf-8")
    (tmp_path / "no.scenario.yaml").write_text(REFUSED, encoding="utf-8")
    assert tandem("shop").exit_code == 0
    assert tandem("no.scenario.yaml").exit_code == 1
    assert tandem("no.scenario.yaml", "--config", "shop/tandem.yaml").exit_code == 0


def test_a_configuration_with_mistakes_is_told(tandem: Run, tmp_path: Path) -> None:
    """A configuration with mistakes is reported, once, and plays nothing that it serves; exit 3."""
    (tmp_path / "tandem.yaml").write_text("servce: {}\n", encoding="utf-8")
    result = tandem()
    assert result.exit_code == 3
    assert result.output.count("unknown key") == 1
    assert tandem("--config", "tandem.yaml").exit_code == 3


def test_a_script_with_mistakes_is_told(tandem: Run, tmp_path: Path) -> None:
    """Mistakes in the script of the assistant that answers are reported like those of a file; exit 3."""
    (tmp_path / "tandem.yaml").write_text(
        SHOP.replace("scripted", "scripted, file: bot.yaml"), encoding="utf-8"
    )
    (tmp_path / "bot.yaml").write_text("steps:\n  welcome:\n    - sya: Hello\n", encoding="utf-8")
    result = tandem("--assistant", "shop")
    assert result.exit_code == 3
    assert "bot.yaml:3:7" in result.output


def test_watching_sees_what_scenarios_are_made_of(tmp_path: Path) -> None:
    """A scenario or a script beside it that is changed, added or removed is a change; nothing else is."""
    play, script = tmp_path / "a.scenario.yaml", tmp_path / "bot.yaml"
    play.write_text("scenario: a\n", encoding="utf-8")

    def nothing() -> None:
        (tmp_path / "notes.txt").write_text("x", encoding="utf-8")

    acts: list[Callable[[], Any]] = [
        nothing,
        lambda: play.write_text("scenario: abc\n", encoding="utf-8"),
        lambda: script.write_text("x", encoding="utf-8"),
        nothing,
        script.unlink,
    ]

    def pause(_: float) -> None:
        if not acts:
            raise KeyboardInterrupt
        acts.pop(0)()

    assert [5 - len(acts) for _ in watching.changes([tmp_path], pause)] == [2, 3, 5]


SCRIPT = """\
steps:
  welcome:
    - Hello.
    - go: main
  main:
    - listen:
        - when: lost
          go: never
  never:
    - Never.
"""
LIVE = """\
scenario: The script answers
people: {Ana: +15550101234}
steps:
  - Ana texts: Hi
  - bot texts: Hello.
  - Ana texts: Well
  - Ana receives: {contains: Sorry}
"""


def test_steps_of_a_script_are_covered(tandem: Run, tmp_path: Path) -> None:
    """Where a scripted assistant answers by itself, the steps of its script that no play came to are told."""
    shop = tmp_path / "shop"
    shop.mkdir()
    configuration = SHOP.replace("kind: scripted", "kind: scripted, file: bot.yaml")
    (shop / "tandem.yaml").write_text(configuration.replace("false", "true"), encoding="utf-8")
    (shop / "bot.yaml").write_text(SCRIPT, encoding="utf-8")
    (shop / "live.scenario.yaml").write_text(LIVE, encoding="utf-8")
    result = tandem("shop", "--assistant", "shop", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["coverage"]["nodes"] == {"met": 2, "of": 3, "never": ["bot.yaml: never"]}


def test_watch_plays_again(tandem: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--watch` all is played after each change, also when no scenario is left for a while."""
    file = tmp_path / "table.scenario.yaml"
    acts: list[Callable[[], Any]] = [
        lambda: file.write_text(FAILS, encoding="utf-8"),
        file.unlink,
        lambda: file.write_text(ASKED, encoding="utf-8"),
    ]

    def pause(_: float) -> None:
        if not acts:
            raise KeyboardInterrupt
        acts.pop(0)()

    monkeypatch.setattr(run, "changes", lambda paths: watching.changes(paths, pause))
    result = tandem("table.scenario.yaml", "--watch")
    assert result.exit_code == 0, result.output
    played = [
        line
        for line in result.output.splitlines()
        if "no such file" in line or " passed" in line or " failed" in line
    ]
    assert [re.sub(r" in .*", "", line) for line in played] == [
        "2 scenarios: 2 passed",
        "1 scenario: 1 failed",
        "table.scenario.yaml: no such file or folder",
        "2 scenarios: 2 passed",
    ]
