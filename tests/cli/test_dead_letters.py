"""What was given up, from the command line: listed, tried again, dropped; and a tail that follows."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from orchestrator.cli import build
from tests.app.test_leaving import project, served
from tests.cli.terminals import LIMIT, TANDEM
from tests.servers import Server, free_port, redis_server

STORED = '{"assistant": "support", "customer": "+15550101234", "event": {}}'
DEAD = "tandem:{3}:dlq"
Place = tuple[Path, str, Server]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A service on a Redis of its own: its configuration, its address, and the Redis."""
    folder = tmp_path_factory.mktemp("place")
    with redis_server(folder / "redis", port=free_port()) as server:
        file = project(folder, server.url)
        with served(file) as (_, url):
            yield file, url, server


@pytest.fixture
def run(place: Place) -> Callable[..., Result]:
    """Runs `tandem dead-letters` against the service."""

    def made(*arguments: str) -> Result:
        options = ["--config", str(place[0]), "--url", place[1]]
        return CliRunner().invoke(build(), ["dead-letters", *arguments, *options])

    return made


def bury(server: Server, *event_ids: str) -> list[str]:
    """Put letters into the store as the script does; their ids at the command line."""
    names = []
    with server.client() as client:
        client.delete(DEAD)
        for event_id in event_ids:
            letter = f"{len(event_id)}:{event_id}{STORED}"
            fields = {"customer": "c1", "event": letter, "reason": "failed 5 times", "at": 1000}
            name = client.xadd(DEAD, fields)
            names.append(f"3-{name.decode()}")
    return names


def test_letters_are_listed_shown_retried_and_dropped(place: Place, run: Callable[..., Result]) -> None:
    """Each verb does what it says, and what is done is off the list."""
    first, second = bury(place[2], "SM1", "SM2")
    listed = run("list")
    assert {line.split()[0] for line in listed.stdout.splitlines()} == {first, second}
    assert "failed 5 times" in listed.stdout
    shown = json.loads(run("show", first, "--json").stdout)
    assert (shown["event_id"], shown["phone_number"]) == ("SM1", "+15550101234")
    assert run("retry", first).stdout == f"tried again: {first}\n"
    assert json.loads(run("drop", second, "--json").stdout) == {"dropped": [second]}
    assert run("list").stdout == "no dead letters\n"
    with place[2].client() as client:
        assert client.xlen(DEAD) == 0
    page = httpx.get(f"{place[1]}/metrics", trust_env=False).text
    assert 'tandem_backlog{kind="dead"} 0.0' in page


def test_tail_follows_all_sessions(place: Place) -> None:
    """What happens after it began is printed while it runs, with the session; Ctrl-C ends it well."""
    command = [TANDEM, "tail", "--json", "--config", str(place[0]), "--url", place[1]]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        stop = threading.Event()
        texter = threading.Thread(target=keep_opening, args=(place[1], stop))
        texter.start()
        event = json.loads(process.stdout.readline())
        stop.set()
        texter.join()
        process.send_signal(2)
        process.stdout.read()
        assert process.wait(LIMIT) == 0
        guard.cancel()
    assert event["type"] == "session_opened"
    assert len(event["session_id"]) == 26


def keep_opening(url: str, stop: threading.Event) -> None:
    """Sessions of one customer after the other: some begin after the tail's first look."""
    headers = {"Authorization": "Bearer api-token"}
    with httpx.Client(base_url=f"{url}/api/v1", headers=headers, trust_env=False) as client:
        for number in range(100):
            asked = {"assistant": "support", "to": f"+155501012{number:02d}", "text": "Hello"}
            client.post("/messages", json=asked)
            if stop.wait(0.5):
                return
