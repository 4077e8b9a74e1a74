"""What `tandem serve` refuses before it serves anything."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from orchestrator.cli.serve import elsewhere
from tests.cli.conftest import Run
from tests.servers import free_port


@pytest.mark.parametrize(
    ("store", "remedy"),
    [("memory://", "service.redis_url"), ("redis://127.0.0.1:9/0", "base_url: simulator")],
)
def test_what_lives_in_one_process_is_not_served_by_two(
    tmp_path: Path, run: Run, store: str, remedy: str
) -> None:
    """The embedded store and the built-in carrier are each refused with the remedy, as a configuration."""
    assert run("init", tmp_path / "shop").exit_code == 0
    file = tmp_path / "shop" / "tandem.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("redis_url: memory://", f"redis_url: {store}"), encoding="utf-8")
    result = run("serve", "--config", file, "--workers", "2")
    assert result.exit_code == 3
    assert remedy in result.output


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_a_port_that_is_taken_is_told_in_a_line(tmp_path: Path, run: Run, verb: str) -> None:
    """A port that another process listens on ends the command with exit code 4 and the remedy, before all else."""
    assert run("init", tmp_path / "shop").exit_code == 0
    config = ["--config", tmp_path / "shop" / "tandem.yaml"] if verb == "serve" else []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(verb, *config, "--port", str(port))
    assert result.exit_code == 4
    assert f"cannot listen on 127.0.0.1:{port}" in result.output
    assert "--port" in result.output
    assert len(result.output.splitlines()) == 1
    assert result.output.count(str(port)) == 1


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_a_store_that_is_not_there_is_told_with_its_address(tmp_path: Path, run: Run, verb: str) -> None:
    """Where Redis does not answer, one line says which and what to do, and holds no password; exit code 4."""
    assert run("init", tmp_path / "shop").exit_code == 0
    file = tmp_path / "shop" / "tandem.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("memory://", "redis://:hunter2@127.0.0.1:9/0"), encoding="utf-8")
    result = run(verb, "--config", file, *(["--port", str(free_port())] if verb == "serve" else []))
    assert result.exit_code == 4
    assert result.output == (
        "service.redis_url: Redis did not answer: ConnectionError (127.0.0.1:9); "
        "start Redis, or correct host, port, password and database\n"
    )


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_a_script_with_mistakes_is_not_served(tmp_path: Path, run: Run, verb: str) -> None:
    """A scripted assistant's mistakes are told with their place and exit code 3, as `tandem check` tells them."""
    assert run("init", tmp_path / "shop").exit_code == 0
    file = tmp_path / "shop" / "tandem.yaml"
    if verb == "worker":
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("memory://", "redis://127.0.0.1:9/0"), encoding="utf-8")
    (tmp_path / "shop" / "assistant.yaml").write_text("steps: [", encoding="utf-8")
    result = run(verb, "--config", file)
    assert result.exit_code == 3
    assert result.output == run("check", file).output
    assert "assistant.yaml:1:" in result.output


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_what_is_no_port_is_a_mistake_of_usage(run: Run, verb: str, port: str) -> None:
    """A number that no port has ends the command with exit code 2, whatever stands in the configuration."""
    result = run(verb, "--port", port)
    assert result.exit_code == 2
    assert "--port" in result.output


@pytest.mark.parametrize(
    ("public_url", "port", "warned"),
    [
        ("http://127.0.0.1:8080", 8080, False),
        ("http://127.0.0.1:8080", 9090, True),
        ("http://localhost", 8080, True),
        ("https://shop.example", 8080, False),
    ],
)
def test_a_simulated_carrier_that_calls_another_port_is_told(
    public_url: str, port: int, warned: bool
) -> None:
    """A loopback `public_url` with a port that is not served is told; one behind a proxy is not."""
    assert bool(elsewhere(public_url, port)) == warned
