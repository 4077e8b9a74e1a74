"""A running service for plays against it: its configuration, in a thread or in processes of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from config import parse
from orchestrator.app import build_app
from orchestrator.cli.running import SERVER_OPTIONS
from orchestrator.scenarios.format import parse as parse_scenario
from orchestrator.scenarios.stage import Configuration, Outcome
from orchestrator.scenarios.target import Target, run
from tests.servers import free_port
from tests.starting import start

START_LIMIT = 30.0  # seconds, on a busy machine
ACCOUNT = "AC" + "b" * 32


def configuration(*, redis_url: str = "memory://", bot_url: str = "", messaging: str = "") -> Configuration:
    """Of a service whose carrier is at a free port of this machine."""
    carrier = f"account_sid: {ACCOUNT}, auth_token: t1, base_url: 'http://127.0.0.1:{free_port()}'"
    bot = bot_url or f"http://127.0.0.1:{free_port()}/turn"
    text = (
        f"service: {{public_url: 'https://voice.example.com/here', redis_url: '{redis_url}', api_token: tok, hash_key: hk}}\n"
        "assistants:\n  support:\n"
        f"    backend: {{kind: http, url: '{bot}', secret: whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=}}\n"
        f"    phone: {{numbers: [+19585550123], {carrier}}}\n"
        f"    messaging: {{numbers: [+19585550123], {carrier}{messaging}}}\n"
    )
    return Configuration(text, "tandem.yaml", {})


@contextmanager
def in_thread(of: Configuration) -> Iterator[str]:
    """The address of a service that runs beside the test."""
    service = build_app(parse(of.text, name=of.name, environ={}))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(service.app, host="127.0.0.1", port=port, **SERVER_OPTIONS))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def in_processes(of: Configuration, folder: Path, workers: int) -> Iterator[str]:
    """The address of `tandem serve`."""
    port = free_port()
    file = folder / "tandem.yaml"
    file.write_text(of.text)
    arguments = ("serve", "--config", str(file), "--port", str(port), "--workers", str(workers))
    with (folder / "log").open("wb") as log:
        process = start(*arguments, stdout=log, stderr=log)
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(START_LIMIT)


def wait_for(port: int) -> None:
    """Return once something answers there."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/livez").is_success:
                return
        time.sleep(0.02)
    raise AssertionError(f"nobody answers on port {port}")


def played(text: str, of: Configuration, target: Target) -> Outcome:
    """What comes of a scenario's text."""
    loaded = parse_scenario(text, "a.scenario.yaml")
    assert not loaded.problems, loaded.report
    return run(loaded.plays[0], of, target)
