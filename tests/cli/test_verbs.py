"""The verbs of the command: each found by its name, listed in one place, imported when it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from orchestrator.cli import COMPLETING, build, built_for
from orchestrator.cli.verbs import VERBS


def test_the_list_is_what_the_verbs_say_of_themselves() -> None:
    """`tandem --help` shows the same with each verb's line as with the verbs."""
    assert (
        CliRunner().invoke(built_for(["--help"]), ["--help"]).output
        == CliRunner().invoke(build(), ["--help"]).output
    )


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_found_by_its_name(verb: str) -> None:
    """Called alone, a verb has the options, the commands and the name that it has among all."""
    alone = CliRunner().invoke(built_for([verb, "--help"]), [verb, "--help"])
    assert alone.exit_code == 0, alone.output
    assert alone.output == CliRunner().invoke(build(), [verb, "--help"]).output
    assert f"tandem {verb}" in alone.output


@pytest.mark.parametrize("words", [["sevre"], ["--wrong"]])
def test_what_is_no_verb_is_refused_as_such(words: list[str]) -> None:
    """A word that is no verb, or an option that there is not, is a mistake of usage, told as with all verbs."""
    refused = CliRunner().invoke(built_for(words), words)
    assert refused.exit_code == 2
    assert refused.output == CliRunner().invoke(build(), words).output


def test_the_version_is_an_option_too() -> None:
    """`tandem --version` prints what `tandem version` prints."""
    asked = [CliRunner().invoke(built_for([word]), [word]) for word in ("--version", "version")]
    assert [each.exit_code for each in asked] == [0, 0]
    assert asked[0].output == asked[1].output


def test_a_shell_is_offered_every_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a shell asks what may follow, the options of all verbs are there."""
    monkeypatch.setenv(COMPLETING, "complete_bash")
    assert len(built_for([]).registered_commands) == len(build().registered_commands)


def test_a_verb_does_not_import_what_it_does_not_need() -> None:
    """The list and a small verb come without the service behind them."""
    program = (
        "import sys; from orchestrator.cli import built_for; built_for(['version']); built_for(['--help'])"
    )
    program += "; print([name for name in ('orchestrator.app', 'httpx', 'pydantic') if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
