"""`tandem check-assistant` on real sockets: the sample of the docs and the bot of `tandem init` pass it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from orchestrator.cli.init import write_project
from tests.cli.conftest import Run
from tests.docs.blocks import ROOT
from tests.servers import free_port

SAMPLE = ROOT / "docs" / "examples" / "bot.py"
SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="


@contextmanager
def program(file: Path, **environment: str) -> Iterator[None]:
    """A bot as a process of its own."""
    process = subprocess.Popen([sys.executable, str(file)], env={**os.environ, **environment})
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def examined(run: Run, url: str, secret: str) -> dict[str, object]:
    """The result, once the bot is up."""
    for _ in range(100):
        result = run("check-assistant", url, "--secret", secret, "--json")
        if result.exit_code != 4:
            break
        time.sleep(0.05)
    found: dict[str, object] = json.loads(result.output)
    return {"exit": result.exit_code, **found}


def test_the_sample_of_the_docs_passes(run: Run) -> None:
    """The sample has at most 40 lines, and nothing is wrong with it."""
    assert len(SAMPLE.read_text(encoding="utf-8").splitlines()) <= 40
    port = free_port()
    with program(SAMPLE, BOT_SECRET=SECRET, PORT=str(port)):
        found = examined(run, f"http://127.0.0.1:{port}/turn", SECRET)
    assert (found["exit"], found["fine"], found["findings"]) == (0, True, [])


def test_the_bot_of_init_passes(run: Run, tmp_path: Path) -> None:
    """Nothing is wrong with the bot that a new project has."""
    write_project(tmp_path, keep_secrets=False)
    lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    secret = next(line.partition("=")[2] for line in lines if line.startswith("BOT_SECRET="))
    port = free_port()
    bot = tmp_path / "bot.py"
    bot.write_text(bot.read_text(encoding="utf-8").replace("9000", str(port)), encoding="utf-8")
    with program(bot):
        found = examined(run, f"http://127.0.0.1:{port}/turn", secret)
    assert (found["exit"], found["findings"]) == (0, [])


class Wrong(BaseHTTPRequestHandler):
    """Answers with a type that nobody knows."""

    def do_POST(self) -> None:
        """One turn."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"responses": [{"response_type": "txet", "text": "Hello"}]}')

    def log_message(self, *args: object) -> None:
        """Quiet."""


def test_faults_are_told_with_part_and_hint(run: Run) -> None:
    """The report names code, part and remedy; exit 1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    result = run("check-assistant", f"http://127.0.0.1:{server.server_address[1]}/turn")
    server.shutdown()
    server.server_close()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "error unknown_type at responses[0].response_type: an unknown response type"
    assert lines[1].startswith("  in: call_started, speech, ")
    assert lines[2].endswith("did you mean `text`?")
    assert lines[-1].endswith(": 1 fault, 0 warnings")


class Closing(Wrong):
    """Hangs up instead of answering."""

    def do_POST(self) -> None:
        """One turn."""
        self.rfile.read(int(self.headers["content-length"]))
        self.close_connection = True


def test_hanging_up_is_no_absence(run: Run) -> None:
    """An assistant that closes the connection is there, and is told what it does; exit 1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Closing)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    result = run("check-assistant", f"http://127.0.0.1:{server.server_address[1]}/turn")
    server.shutdown()
    server.server_close()
    assert result.exit_code == 1
    assert result.output.startswith("error broken_off: the connection is closed without an answer")


def test_nobody_there(run: Run) -> None:
    """An address where nothing listens is exit 4."""
    result = run("check-assistant", f"http://127.0.0.1:{free_port()}/turn")
    assert result.exit_code == 4
    assert "error unreachable: no connection can be made" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("bot.example",),
        ("http://bot.example/turn", "--secret", "whsec_!"),
        ("http://bot.example/turn", "--header", "X-A"),
        ("http://bot.example/turn", "--timeout", "soon"),
        ("http://bot.example/turn", "--timeout", "0"),
        ("https://bot.example/turn", "--ca-file", "there-is-none.pem"),
    ],
)
def test_usage(run: Run, arguments: tuple[str, ...]) -> None:
    """What cannot be asked is a mistake of usage, exit 2; a secret is not repeated."""
    result = run("check-assistant", *arguments)
    assert result.exit_code == 2
    assert "whsec_!" not in result.output
