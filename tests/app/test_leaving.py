"""A service that ends lets go of its streams at once: proved through real processes and real signals."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from orchestrator.app.leaving import told_by_signals
from tests.cli.terminals import LIMIT, environment
from tests.servers import free_port, redis_server
from tests.starting import Started, start

OURS = "+19585550123"
HEADERS = {"Authorization": "Bearer api-token"}
SOON = 4.0
"""Seconds on a busy machine; a stream looks once a second, the server's own patience is 15 s."""


def project(folder: Path, redis_url: str) -> Path:
    """A configuration whose carrier is nobody."""
    file = folder / "tandem.yaml"
    account = f"account_sid: AC{'a' * 32}, auth_token: token, base_url: 'http://127.0.0.1:9'"
    file.write_text(
        f"""
service: {{public_url: 'http://127.0.0.1', redis_url: '{redis_url}', api_token: api-token,
          hash_key: {"k" * 32}}}
assistants:
  support:
    backend: {{kind: scripted}}
    messaging: {{numbers: ['{OURS}'], {account}}}
""",
        encoding="utf-8",
    )
    return file


@contextmanager
def served(file: Path, *options: str) -> Iterator[tuple[Started, str]]:
    """`tandem serve` while the block runs: the process, and its address."""
    port = free_port()
    arguments = ("serve", "--config", str(file), "--port", str(port), *options)
    with (file.parent / "log").open("wb") as log:
        process = start(*arguments, environment=environment(port), stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, process)
        yield process, url
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(LIMIT)


def wait_until_ready(url: str, process: Started) -> None:
    """Until the service answers."""
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            if httpx.get(f"{url}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def seconds_to_end(process: Started, url: str) -> float:
    """How long the process takes to end with a stream open; the stream ends by itself, whole."""
    with httpx.Client(base_url=url, headers=HEADERS, trust_env=False, timeout=LIMIT) as client:
        asked = {"assistant": "support", "to": "+15550101234", "text": "Hello"}
        session_id = client.post("/api/v1/messages", json=asked).json()["session_id"]
        path = f"/api/v1/sessions/{session_id}/events"
        with client.stream("GET", path, headers={"Accept": "text/event-stream"}) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            list(lines)  # an answer that is cut off raises
    process.wait(LIMIT)
    return time.monotonic() - began


def test_an_open_stream_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """One process: a second for the stream to look, and the service is gone."""
    with served(project(tmp_path, "memory://")) as (process, url):
        assert seconds_to_end(process, url) < SOON


def test_an_open_stream_holds_up_no_worker(tmp_path: Path) -> None:
    """Several processes behind one port: the same."""
    with redis_server(tmp_path / "redis", port=free_port()) as server:
        file = project(tmp_path, server.url)
        with served(file, "--workers", "2") as (process, url):
            assert seconds_to_end(process, url) < SOON


def test_the_handler_that_stood_there_runs_after_and_comes_back() -> None:
    """The service learns of the signal first; after the block all is as it was."""
    heard: list[str] = []

    def theirs(*_: Any) -> None:
        heard.append("server")

    before = signal.signal(signal.SIGTERM, theirs)
    try:
        with told_by_signals(lambda: heard.append("service")):
            signal.raise_signal(signal.SIGTERM)
        assert heard == ["service", "server"]
        assert signal.getsignal(signal.SIGTERM) is theirs
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_nobody_handles_stays_so() -> None:
    """Where the system ends the process by itself, it goes on doing so."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with told_by_signals(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_another_thread_takes_no_signals() -> None:
    """A service in a thread that may not take signals is served without them."""
    done: list[str] = []

    def run() -> None:
        with told_by_signals(lambda: None):
            done.append("served")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert done == ["served"]
