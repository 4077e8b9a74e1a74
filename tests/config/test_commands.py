"""`tandem check` and `tandem schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from orchestrator.cli.check import register as add_check
from orchestrator.cli.schema import register as add_schema
from tests.config.texts import ENVIRON, RIGHT, TOKEN, changed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A right configuration on disk."""
    path = tmp_path / "tandem.yaml"
    path.write_text(RIGHT, "utf-8")
    return path


def run(*arguments: object) -> Result:
    """A command line with both commands, as users have it."""
    app = typer.Typer()
    add_check(app)
    add_schema(app)
    return CliRunner().invoke(app, [str(each) for each in arguments], env=ENVIRON)


def test_a_right_file_is_fine(file: Path) -> None:
    """Exit 0, `FILE: fine`, and what it sets up."""
    result = run("check", file)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{file}: fine\n")
    assert "assistant support  (http)  phone +19585550123; messaging +19585550123" in result.stdout


def test_a_wrong_file_exits_3_with_the_report(file: Path) -> None:
    """The report stands on stderr; nothing is called fine."""
    file.write_text(changed("kind: http", "kind: htpp"), "utf-8")
    result = run("check", file)
    assert result.exit_code == 3
    assert f"{file}:9:13: assistants.support.backend.kind: " in result.stderr
    assert result.stdout == ""


def test_a_missing_file_exits_3(tmp_path: Path) -> None:
    """Told like any other mistake."""
    result = run("check", tmp_path / "none.yaml")
    assert result.exit_code == 3
    assert "none.yaml:1:1: cannot be read: no such file" in result.stderr
    assert "`cd` to its folder" in result.stderr


def test_explain_shows_each_value_and_its_origin(file: Path) -> None:
    """Secrets are hidden, origins are named."""
    result = run("check", file, "--explain")
    assert f"{file}:4 (${{TANDEM_API_TOKEN}})" in result.stdout
    assert TOKEN not in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["service.timezone", "UTC", "default"] in lines


def test_json_of_a_right_file(file: Path) -> None:
    """Machine-readable, with values only when asked for."""
    found = json.loads(run("check", file, "--json", "--explain").stdout)
    assert found["fine"] is True
    assert found["assistants"]["support"]["phone"] == ["+19585550123"]
    assert {
        "path": "service.timezone",
        "value": "UTC",
        "source": "default",
        "where": "",
        "through": [],
    } in found["values"]
    assert "values" not in json.loads(run("check", file, "--json").stdout)


def test_json_of_a_wrong_file(file: Path) -> None:
    """Each mistake with place, path and remedy; exit 3 all the same."""
    file.write_text(changed("kind: http", "kind: htpp"), "utf-8")
    result = run("check", file, "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["problems"] == [
        {
            "line": 9,
            "column": 13,
            "path": "assistants.support.backend.kind",
            "message": "not one of the words it may be",
            "expected": "one of scripted, http, watson, openai",
            "did_you_mean": "http",
        }
    ]


def test_schema_prints_json_schema() -> None:
    """`tandem schema config` is JSON with a dialect."""
    result = run("schema", "config")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$schema"].endswith("2020-12/schema")


def test_an_unknown_schema_is_a_usage_error() -> None:
    """Exit 2, with the word that was meant."""
    result = run("schema", "confg")
    assert result.exit_code == 2
    assert 'mean "config"' in " ".join(result.stderr.split()).replace("│ │ ", "")
