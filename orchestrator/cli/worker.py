"""`tandem worker`: due work only (inboxes, outbox, timers), without HTTP."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from config import Settings
from orchestrator.app import Service
from orchestrator.app.factory import open_service
from orchestrator.cli.running import EXIT_CONFIGURATION, check_scripts, check_store, read_settings
from orchestrator.cli.serve import is_embedded


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker")(worker)


def worker(
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration.")] = Path("tandem.yaml"),
) -> None:
    """Work off what is due until stopped; any number of these may run beside `tandem serve`."""
    settings: Settings = read_settings(config)
    if is_embedded(settings):
        typer.echo("memory:// lives in the process that serves: a worker needs a Redis", err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    check_scripts(settings)
    check_store(settings)
    asyncio.run(work(open_service(config)))


async def work(service: Service) -> None:
    """Look for due work until a signal; what is held then is finished or given back."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await service.start()
    try:
        await stop.wait()
    finally:
        await service.stop()
