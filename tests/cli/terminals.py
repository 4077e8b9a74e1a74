"""A project made by `tandem init`, its service in the background, and terminals that speak to it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryFile

import httpx

from tests.servers import free_port
from tests.starting import Started, start

TANDEM = str(Path(sys.executable).with_name("tandem"))
VOICE, SMS = slice(7, 45), slice(47, 85)
"""Where the two lanes stand on a line."""
LIMIT = 30.0
"""Seconds for anything to happen, on a busy machine."""


def environment(port: int, **more: str) -> dict[str, str]:
    """A clean environment in which the project of `init` is served on this port."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    kept["PATH"] = f"{Path(TANDEM).parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept | {"TANDEM_SERVICE__PUBLIC_URL": f"http://127.0.0.1:{port}"} | more


def run(
    *arguments: str, folder: Path, env: Mapping[str, str], lines: str = ""
) -> subprocess.CompletedProcess[str]:
    """`tandem` with these lines typed into a pipe."""
    theirs, ours = os.pipe()
    with TemporaryFile("w+") as said, TemporaryFile("w+") as objected:
        process = start(
            *arguments, folder=folder, environment=env, stdin=theirs, stdout=said, stderr=objected
        )
        os.close(theirs)
        with open(ours, "w", encoding="utf-8") as typed:  # noqa: PTH123 - it has no path
            typed.write(lines)
        code = process.wait(LIMIT)
        said.seek(0)
        objected.seek(0)
        return subprocess.CompletedProcess(arguments, code, said.read(), objected.read())


def shell(command: str, *, folder: Path, env: Mapping[str, str]) -> str:
    """What a line of a shell prints; it ends well."""
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=dict(env),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def in_background(arguments: list[str], folder: Path, env: Mapping[str, str], url: str) -> Iterator[Path]:
    """A program that listens at `url` while the block runs; gives the file of what it says."""
    said = folder / f"{Path(arguments[1]).stem}.log"
    with said.open("wb") as log:
        process: Started | subprocess.Popen[bytes]
        if arguments[0] == TANDEM:
            process = start(*arguments[1:], folder=folder, environment=env, stdout=log, stderr=log)
        else:
            process = subprocess.Popen(arguments, cwd=folder, env=dict(env), stdout=log, stderr=log)
    try:
        _wait_for(url, process, said)
        yield said
    finally:
        process.terminate()
        process.wait(LIMIT)


def _wait_for(url: str, process: Started | subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            assert process.poll() is None, said.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, f"nothing listens at {url}"
            time.sleep(0.05)
        else:
            return


def lanes_of(shown: str) -> str:
    """What the two lanes hold, one after the other, their line breaks undone."""
    lines = shown.splitlines()
    return "\n".join(" ".join(" ".join(line[lane] for line in lines).split()) for lane in (VOICE, SMS))


class Terminal:
    """A `tandem call` or `tandem text` that stays open: type into it, and wait for what it shows."""

    def __init__(self, *arguments: str, folder: Path, env: Mapping[str, str]) -> None:
        (theirs, typed), (said, told) = os.pipe(), os.pipe()
        self._process = start(
            *arguments, folder=folder, environment=env, stdin=theirs, stdout=told, stderr=told
        )
        os.close(theirs)
        os.close(told)
        self._typed = open(typed, "w", encoding="utf-8", buffering=1)  # noqa: SIM115, PTH123 - a pipe, closed by `ends`
        self._said = said
        self.shown = ""
        self._lines: Queue[str] = Queue()
        self._following = threading.Thread(target=self._follow, daemon=True)
        self._following.start()

    def _follow(self) -> None:
        with open(self._said, encoding="utf-8") as lines:  # noqa: PTH123 - it has no path
            for line in lines:
                self._lines.put(line)

    def types(self, line: str) -> None:
        """Type a line."""
        self._typed.write(line + "\n")

    def shows(self, words: str) -> None:
        """Return once `words` were shown in one of the lanes."""
        deadline = time.monotonic() + LIMIT
        while words not in lanes_of(self.shown):
            try:
                self.shown += self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"{words!r} was not shown, but:\n{self.shown}") from None

    def ends(self) -> int:
        """The exit code, once its input has ended."""
        self._typed.close()
        self._following.join(LIMIT)
        return self._process.wait(LIMIT)


@contextmanager
def served_project(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A project of `init` and its service: the folder and the environment for terminals."""
    port = free_port()
    env = environment(port)
    made = run("init", str(folder), folder=folder.parent, env=env)
    assert made.returncode == 0, made.stderr
    command = [TANDEM, "serve", "--port", str(port)]
    with in_background(command, folder, env, f"http://127.0.0.1:{port}/livez"):
        yield folder, env
