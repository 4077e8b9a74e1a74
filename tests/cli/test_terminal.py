"""`tandem call` and `tandem text` against a service that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminals import SMS, VOICE, Terminal, environment, lanes_of, run, served_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """One project and its service for the tests of this file; each has a customer of its own."""
    with served_project(tmp_path_factory.mktemp("terminals") / "project") as served:
        yield served


def test_a_call_by_a_pipe(project: tuple[Path, dict[str, str]]) -> None:
    """Words are spoken, a text goes out in the call, its answer is heard, and after the hang-up words are texts."""
    folder, env = project
    lines = "I moved house\n/text 12 Mill Lane\nyes\n/hangup\nhuman\n"
    done = run("call", "--from", "+1 555 010 1001", folder=folder, env=env, lines=lines)
    assert (done.returncode, done.stderr) == (0, "")
    events = [line[VOICE].strip() or line[SMS].strip() for line in done.stdout.splitlines()]
    said = [line for line in events if line.startswith(("you:", "-- "))]
    assert said == [
        "-- calling --", "-- the call is up --", "you: I moved house", "you: 12 Mill Lane", "you: yes",
        "-- the call is over --", "you: human",
    ]  # fmt: skip
    shown = lanes_of(done.stdout)
    assert "I have 12 Mill Lane. Is that" in shown
    assert "We noted 12" in shown
    assert "you: human bot: Nobody is in" in shown
    states = re.findall(r"\b(in_call|awaiting_text|in_call_and_text|text_only)$", done.stdout, re.MULTILINE)
    assert states == ["in_call", "awaiting_text", "in_call_and_text", "text_only"]
    assert "\033" not in done.stdout


def test_two_terminals_are_one_customer(project: tuple[Path, dict[str, str]]) -> None:
    """The texter sees what is spoken in the call beside, and the caller hears the answer to the text."""
    folder, env = project
    call = Terminal("call", "--from", "+15550101002", folder=folder, env=env)
    text = Terminal("text", "--from", "+15550101002", folder=folder, env=env)
    call.types("I moved house")
    text.shows("you: I moved house")
    text.shows("What is your new address?")
    text.types("7 Elm Road")
    call.shows("I have 7 Elm Road.")
    call.types("/hangup")
    text.shows("Thanks for your call.")
    assert (text.ends(), call.ends()) == (0, 0)


def test_an_end_of_the_input_hangs_up(project: tuple[Path, dict[str, str]]) -> None:
    """A call is not left behind by a terminal that ends."""
    folder, env = project
    done = run("call", "--from", "+15550101003", folder=folder, env=env, lines="/quit\nnot done\n")
    assert done.returncode == 0
    assert "the call is over" in done.stdout
    assert "not done" not in done.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/hangup", "the phone is in no call"),
        ("/say hello", "the phone is in no call"),
        ("/presss 1", "did you mean /press?"),
        ("/press", "/press needs keys"),
        ("/press 1x", "no such keys"),
        ("/quit now", "/quit stands alone"),
    ],
)
def test_what_cannot_be_done_is_told(project: tuple[Path, dict[str, str]], line: str, told: str) -> None:
    """A line that cannot be done is answered on standard error, the next ones go on, and the exit code is 1."""
    folder, env = project
    done = run("text", "--from", "+15550101004", folder=folder, env=env, lines=f"{line}\n/help\n")
    assert done.returncode == 1
    assert told in done.stderr
    assert "/hangup" in done.stderr


def test_a_lost_call_and_keys_and_silence(project: tuple[Path, dict[str, str]]) -> None:
    """A phone can press keys, be silent and lose the line."""
    folder, env = project
    lines = "/press 1\n/silent\n/drop\n"
    done = run("call", "--from", "+15550101005", folder=folder, env=env, lines=lines)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("you: [keys 1]", "you: [silence]", "-- the call is over --"):
        assert words in done.stdout


def test_a_service_that_is_not_there(project: tuple[Path, dict[str, str]]) -> None:
    """Without a service the exit code is 4, and the hint starts the right one."""
    folder, _ = project
    for verb in ("call", "text"):
        done = run(verb, folder=folder, env=environment(9))
        assert done.returncode == 4
        assert "start it in another terminal: tandem serve --port 9" in done.stderr
        assert done.stdout == ""


def test_a_service_with_another_token(project: tuple[Path, dict[str, str]]) -> None:
    """A service of another configuration is refused as such, exit 4."""
    folder, env = project
    done = run("call", folder=folder, env=env | {"TANDEM_API_TOKEN": "another"})
    assert done.returncode == 4
    assert "another api_token" in done.stderr
    assert "TANDEM_API_TOKEN" in done.stderr
    assert "start it" not in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--from", "555"], 2, "--from"),
        (["--to", "(958) 555"], 2, "--to"),
        (["--to", "+19990000000"], 3, "+19990000000 is no number of"),
        (["--config", "nowhere.yaml"], 3, "nowhere.yaml"),
        (["--url", "127.0.0.1:8080"], 2, "--url"),
    ],
)
def test_wrong_options(
    project: tuple[Path, dict[str, str]], options: list[str], code: int, told: str
) -> None:
    """Numbers that are none, or none of ours, and a missing configuration are told by their exit codes."""
    folder, env = project
    done = run("call", *options, folder=folder, env=env)
    assert done.returncode == code
    assert told in done.stderr


def test_a_call_that_comes_in_is_answered(project: tuple[Path, dict[str, str]]) -> None:
    """A call rings in `tandem text`; once it is answered there words are spoken, and after it they are texts."""
    folder, env = project
    phone = Terminal("text", "--from", "+15550101006", folder=folder, env=env)
    phone.types("Please call me")
    phone.shows("-- it rings: /answer or /decline --")
    phone.types("/answer")
    phone.shows("bot: Hello, this is the help desk.")
    phone.types("human")
    phone.shows("you: human bot: Nobody is in just now.")
    phone.types("/hangup")
    phone.shows("Thanks for your call.")
    phone.types("human")
    phone.shows("by text. you: human bot: Nobody is in just now.")
    assert phone.ends() == 0


def test_a_call_that_comes_in_is_declined(project: tuple[Path, dict[str, str]]) -> None:
    """A call that is declined is over, and was never up."""
    folder, env = project
    phone = Terminal("text", "--from", "+15550101007", folder=folder, env=env)
    phone.types("Please call me")
    phone.shows("-- it rings")
    phone.types("/decline")
    phone.shows("-- the call was declined --")
    assert phone.ends() == 0
    assert "the call is up" not in phone.shown
