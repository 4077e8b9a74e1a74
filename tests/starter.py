"""The process that `tests.starting` forks `tandem` from: it has imported Tandem, and runs none of it itself.

It is run as a file, with a socket as its standard input. Each message is a command with what `exec` would take,
and three files; or the id of a process whose end is to be told. It has one thread, so that a fork is a whole
copy.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

MESSAGE = 1 << 17
"""Bytes of a message; the environment is the most of it."""
USED = (
    *("orchestrator.cli.serve", "orchestrator.cli.worker", "orchestrator.cli.terminal"),
    *("uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"),
    "uvicorn.lifespan.on",
)
"""What most commands of the tests come to import."""


def main() -> None:
    """Fork for each message until the other end is closed."""
    home = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(home))
    asked = socket.socket(fileno=os.dup(0))
    built_for: Any = import_module("orchestrator.cli").built_for
    for name in USED:
        import_module(name)
    while True:
        message, files, _, _ = socket.recv_fds(asked, MESSAGE, 3)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            asked.send(json.dumps(os.waitstatus_to_exitcode(status)).encode())
            continue
        child = os.fork()
        if child == 0:
            asked.close()
            become(request, files)
            built_for(request["arguments"])()
            return
        for file in files:
            os.close(file)
        asked.send(json.dumps(child).encode())


def become(request: dict[str, Any], files: list[int]) -> None:
    """Take the place of a process that was started by itself."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    if request["session"]:
        os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["tandem", *request["arguments"]]
    sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115 - it is open as long as the process
    sys.stdout, sys.stderr = _written(1), _written(2)


def _written(number: int) -> io.TextIOWrapper:
    """As Python opens them: lines at a terminal and to standard error, else blocks."""
    at_once = number == 2 or os.isatty(number) or bool(os.environ.get("PYTHONUNBUFFERED"))
    return io.TextIOWrapper(
        open(number, "wb", closefd=False),
        encoding="utf-8",
        line_buffering=at_once,
    )


if __name__ == "__main__":
    main()
