"""`tandem serve`: webhooks, API and due work in one process, or in several."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from config import Settings
from orchestrator.app import build_app, logs
from orchestrator.app.lines import UnsupportedBackendError
from orchestrator.cli.running import EXIT_CONFIGURATION, EXIT_UNREACHABLE, read_settings, server_config
from orchestrator.core.errors import StoreUnavailable
from orchestrator.store.redis import SchemaMismatchError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration.")] = Path("tandem.yaml"),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8080,
) -> None:
    """Serve the carrier's webhooks and the API until stopped."""
    settings = read_settings(config)
    logs.configure(log_content=settings.service.log_content)
    try:
        service = build_app(settings, folder=config.resolve().parent)
    except UnsupportedBackendError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_CONFIGURATION) from None
    for line in greeting(settings, host, port):
        typer.echo(line, err=True)
    try:
        asyncio.run(run(uvicorn.Server(server_config(service, host, port))))
    except (StoreUnavailable, SchemaMismatchError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None


async def run(server: uvicorn.Server) -> None:
    """Serve until a signal; a store that cannot be reached at the start ends it."""
    await server.serve()
    if not server.started:
        raise typer.Exit(EXIT_UNREACHABLE)


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """What an operator wants to see first."""
    service = settings.service
    lines = [f"Tandem listens on http://{host}:{port} as {service.public_url}"]
    if service.redis_url.reveal().startswith("memory://"):
        lines.append(
            "Store: memory:// (embedded): conversations end with this process; use a Redis for real ones."
        )
    for name, assistant in settings.assistants.items():
        for channel, section in (("calls", assistant.phone), ("texts", assistant.messaging)):
            if section is not None:
                lines.append(f"{name}: {channel} on {', '.join(section.numbers)} by {section.base_url}")
    return lines
