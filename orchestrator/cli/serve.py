"""`tandem serve`: webhooks, API and due work, in one process or in several behind one port."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
import uvicorn
from starlette.applications import Starlette

from config import Settings
from orchestrator.app import factory
from orchestrator.app.factory import CONFIG_VARIABLE, open_service
from orchestrator.app.simulated import is_simulated
from orchestrator.cli.past import past_of
from orchestrator.cli.running import (
    EXIT_CONFIGURATION,
    EXIT_UNREACHABLE,
    SERVER_OPTIONS,
    check_port,
    check_scripts,
    check_store,
    read_settings,
    server_config,
)
from orchestrator.core.numbers import masked

SIMULATED = [
    "The carrier is simulated: play a customer at {public_url}/console/phone,",
    "or by `tandem call` and `tandem text` in other terminals.",
    "For real ones set public_url, a Redis, and account_sid and auth_token instead of base_url: simulator.",
]
"""What is said of a service that no real customer reaches."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration.")] = Path("tandem.yaml"),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the port.")] = 1,
) -> None:
    """Serve the carrier's webhooks and the API until stopped."""
    settings = read_settings(config)
    if workers > 1 and (trouble := bound_to_one_process(settings)):
        typer.echo(trouble, err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    check_scripts(settings)
    check_port(host, port)
    check_store(settings)
    for line in greeting(settings, host, port):
        typer.echo(line, err=True)
    if workers > 1:
        serve_many(config, host, port, workers)
    else:
        serve_one(config, host, port)


def serve_one(config: Path, host: str, port: int) -> None:
    """Serve in this process."""
    service = open_service(config, past_of)
    server = uvicorn.Server(server_config(service.app, host, port))
    server.run()
    if not server.started:
        raise typer.Exit(EXIT_UNREACHABLE)


def serve_many(config: Path, host: str, port: int, workers: int) -> None:
    """Serve in several processes; one that dies is started again."""
    os.environ[CONFIG_VARIABLE] = str(config.resolve())
    uvicorn.run(
        "orchestrator.cli.serve:create",
        host=host,
        port=port,
        factory=True,
        workers=workers,
        **SERVER_OPTIONS,
    )


def create() -> Starlette:
    """The application of one of several processes."""
    return factory.create(past_of)


def bound_to_one_process(settings: Settings) -> str:
    """Why a configuration cannot be served by several processes, with the remedy; empty if it can."""
    if is_embedded(settings):
        return "memory:// serves one process; set service.redis_url to a Redis for --workers"
    if is_simulated(settings):
        return (
            "the built-in carrier keeps its calls in one process; "
            "for --workers set account_sid and auth_token instead of base_url: simulator"
        )
    return ""


def is_embedded(settings: Settings) -> bool:
    """Whether the store lives in this process only."""
    return settings.service.redis_url.reveal().startswith("memory://")


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """What an operator wants to see first."""
    service = settings.service
    lines = [
        f"Tandem listens on http://{host}:{port} as {service.public_url}",
        f"The console is at http://{host}:{port}/console/; sign in with the API token.",
    ]
    if is_embedded(settings):
        lines.append(
            "Store: memory:// (embedded): conversations end with this process; use a Redis for real ones."
        )
    for name, assistant in settings.assistants.items():
        second = assistant.messaging.failover if assistant.messaging else None
        served = (("calls", assistant.phone), ("texts", assistant.messaging), ("texts, second,", second))
        for channel, section in served:
            if section is not None:
                numbers = ", ".join(masked(number) for number in section.numbers)
                lines.append(f"{name}: {channel} on {numbers} by {section.base_url}")
    if not is_simulated(settings):
        return lines
    told = [line.format(public_url=service.public_url) for line in SIMULATED]
    return [*lines, *told, *elsewhere(service.public_url, port)]


def elsewhere(public_url: str, port: int) -> list[str]:
    """A warning if the simulated carrier, which calls `public_url` as a real one does, misses this port."""
    address = urlsplit(public_url)
    if address.hostname not in LOOPBACK or (address.port or 80) == port:
        return []
    return [f"It calls service.public_url, {public_url}, but this is port {port}: give both the same port."]
