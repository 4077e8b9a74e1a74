"""`tandem call` at a terminal, where a person types and sees: prompts, colours, and a service that leaves."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.terminals import LIMIT, served_project
from tests.starting import Started, start


class Typed:
    """`tandem` on a pseudo terminal."""

    def __init__(self, process: Started, screen: int) -> None:
        self.process = process
        self.shown = ""
        self._screen = screen

    def types(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._screen, keys.encode())

    def shows(self, words: str) -> None:
        """Return once `words` are on the screen."""
        deadline = time.monotonic() + LIMIT
        while words not in self.shown:
            ready, _, _ = select.select([self._screen], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{words!r} was not shown, but:\n{self.shown}"
            try:
                self.shown += os.read(self._screen, 65536).decode(errors="replace")
            except OSError:  # the other end is closed
                raise AssertionError(f"{words!r} was not shown before the end:\n{self.shown}") from None


@contextmanager
def typed(*arguments: str, folder: Path, env: Mapping[str, str]) -> Iterator[Typed]:
    """A person at a terminal for the length of the block."""
    ours, theirs = pty.openpty()
    process = start(
        *arguments,
        folder=folder,
        environment={"TERM": "xterm", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        new_session=True,
    )
    os.close(theirs)
    try:
        yield Typed(process, ours)
    finally:
        process.kill()
        process.wait(LIMIT)
        os.close(ours)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A project and its service."""
    with served_project(tmp_path_factory.mktemp("typed") / "project") as served:
        yield served


def test_a_person_calls(project: tuple[Path, dict[str, str]]) -> None:
    """The prompt says whether words are spoken or sent, what happens comes above what is being typed."""
    folder, env = project
    with typed("call", folder=folder, env=env) as person:
        person.shows("What can I do for you?")
        person.shows("speak> ")
        person.types("I moved house\n")
        person.shows("awaiting_text")
        person.types("half a word")
        person.shows("speak> half a word")
        person.types("\x15/hangup\n")  # Ctrl-U takes the line back
        person.shows("text>  ")
        person.shows("Thanks for your call.")
        person.types("/quit\n")
        assert person.process.wait(LIMIT) == 0
    assert "\033[1m" in person.shown


def test_ctrl_c_hangs_up(project: tuple[Path, dict[str, str]]) -> None:
    """Ctrl-C ends the terminal and its call, exit 0; with NO_COLOR nothing is coloured."""
    folder, env = project
    with typed("call", "--from", "+15550101011", folder=folder, env=env | {"NO_COLOR": "1"}) as person:
        person.shows("What can I do for you?")
        person.process.send_signal(signal.SIGINT)
        person.shows("-- the call is over --")
        assert person.process.wait(LIMIT) == 0
    assert "\033[1m" not in person.shown


def test_what_does_not_ring_is_told_at_once(project: tuple[Path, dict[str, str]]) -> None:
    """Picking up where nothing rings is refused without a wait."""
    folder, env = project
    with typed("text", "--from", "+15550101012", folder=folder, env=env) as person:
        person.shows("text>  ")
        person.types("/answer\n")
        person.shows("! it does not ring")


def test_a_service_that_leaves_ends_the_terminal(tmp_path: Path) -> None:
    """When the service goes, whoever is typing is told at once, exit 4."""
    with served_project(tmp_path / "project") as (folder, env):
        person = typed("text", folder=folder, env=env)
        typing = person.__enter__()
        typing.shows("text>  ")
    typing.shows("start it in another terminal: tandem serve --port")
    assert typing.process.wait(LIMIT) == 4
    person.__exit__(None, None, None)
