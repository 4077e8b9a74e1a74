"""Starts `tandem` as a process, sooner than its command does: forked from one that has imported Tandem already.

What runs is what the command runs, in a process with its own folder, environment, files and signals. That the
command itself runs it is proved where a shell types it: `tests/docs`, `tests/scenarios/testing/test_guest.py`.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO

STARTER = Path(__file__).with_name("starter.py")
File = int | IO[bytes] | IO[str]


class Started:
    """A process, as `subprocess.Popen` has it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._end = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises `subprocess.TimeoutExpired` after so many seconds."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("tandem", timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, within: float | None) -> int | None:
        if self.returncode is None and select.select([self._end], [], [], within)[0]:
            self.returncode = _starter().ask({"wait": self.pid})
            os.close(self._end)
        return self.returncode


class _Starter:
    """The process to fork from, for as long as this one."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = Lock()
        process = subprocess.Popen([sys.executable, "-P", str(STARTER)], stdin=theirs.fileno())
        theirs.close()
        atexit.register(process.wait)
        atexit.register(self._socket.close)

    def ask(self, request: Mapping[str, object], files: Sequence[int] = ()) -> int:
        """Its answer: a process id, or an exit code."""
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(request).encode()], files)
            return int(json.loads(self._socket.recv(64)))


@cache
def _starter() -> _Starter:
    return _Starter()


def start(
    *arguments: str,
    stdout: File,
    stderr: File,
    stdin: File = subprocess.DEVNULL,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    new_session: bool = False,
) -> Started:
    """Start `tandem` with these arguments. What is not given is that of this process."""
    request = {
        "arguments": arguments,
        "folder": str(folder or Path.cwd()),
        "environment": dict(os.environ if environment is None else environment),
        "session": new_session,
    }
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        files = [
            nothing.fileno()
            if file == subprocess.DEVNULL
            else file
            if isinstance(file, int)
            else file.fileno()
            for file in (stdin, stdout, stderr)
        ]
        return Started(_starter().ask(request, files))
