"""The commands against the built-in carrier of a running service."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.app.factory import open_service
from orchestrator.cli.running import free_port, serving
from tests.cli.conftest import Run
from tests.cli.twilio import NUMBER

CONFIGURATION = """
service: {{public_url: 'http://127.0.0.1:{port}', redis_url: 'memory://', api_token: the-api-token}}
assistants:
  support:
    backend: {{kind: scripted}}
    phone: {{numbers: ['{number}'], base_url: simulator}}
    messaging: {{numbers: ['{number}'], base_url: simulator}}
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """The configuration of a service that runs in a thread."""
    file, port = tmp_path / "tandem.yaml", free_port()
    file.write_text(CONFIGURATION.format(port=port, number=NUMBER), encoding="utf-8")
    up, down = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving(open_service(file), "127.0.0.1", port):
            up.set()
            await asyncio.get_running_loop().run_in_executor(None, down.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert up.wait(20)
    yield file
    down.set()
    thread.join(20)


def test_a_simulated_number_is_pointed_listed_and_examined(running: Path, run: Run) -> None:
    """The built-in carrier takes the same commands; its numbers are ours from the start, overrides and all."""
    listed = json.loads(run("numbers", "list", "--config", running, "--json").stdout.splitlines()[-1])
    marks = [
        each["mark"]
        for group in listed["integrations"]
        for number in group["numbers"]
        for each in number["settings"]
    ]
    assert marks == ["same"] * 5
    pointed = run("numbers", "point", "--config", running, "--yes")
    assert pointed.exit_code == 0, pointed.output
    assert not (running.parent / ".tandem").exists()
    examined = run("doctor", "--config", running)
    assert examined.exit_code == 0, examined.output
    told = [line for line in examined.output.splitlines() if "webhooks" in line]
    assert told
    assert not [line for line in told if "warn" in line]
    assert "the-api-token" not in examined.output
