"""Running a service in this process: its configuration, its server, its end."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
import uvicorn

from config import ConfigError, Settings, load
from orchestrator.app import GRACE, Service, open_store
from orchestrator.app.certificates import unusable
from orchestrator.cli.scripts import script_problems
from orchestrator.core.errors import StoreUnavailable
from orchestrator.store.redis import SchemaMismatchError

EXIT_CONFIGURATION = 3
EXIT_UNREACHABLE = 4


def read_settings(file: Path) -> Settings:
    """The configuration, or its report and exit code 3; so for certificates that cannot be used."""
    try:
        settings = load(file, os.environ)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_CONFIGURATION) from None
    if troubles := unusable(settings, file.resolve().parent):
        typer.echo("\n".join(troubles), err=True)
        raise typer.Exit(EXIT_CONFIGURATION)
    return settings


def check_store(settings: Settings) -> None:
    """Return if the store answers and is the one that this configuration belongs to; else exit 4."""

    async def look() -> None:
        store = open_store(settings)
        try:
            await store.start()
        finally:
            await store.close()

    try:
        asyncio.run(look())
    except (StoreUnavailable, SchemaMismatchError) as error:
        remedy = "" if isinstance(error, SchemaMismatchError) else _store_remedy(settings)
        typer.echo(f"service.redis_url: {error}{remedy}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None


def _store_remedy(settings: Settings) -> str:
    """Which store that is, without its credentials, and what to do."""
    place = urlsplit(settings.service.redis_url.reveal()).netloc.rpartition("@")[2]
    return f" ({place}); start Redis, or correct host, port, password and database"


def check_scripts(settings: Settings) -> None:
    """Return if every scripted assistant can be read; else tell the mistakes, and exit 3."""
    problems = script_problems(settings)
    if any(not problem.warning for problem in problems):
        typer.echo("\n".join(map(str, problems)), err=True)
        raise typer.Exit(EXIT_CONFIGURATION)


def check_port(host: str, port: int) -> None:
    """Return if a service can listen there now; else say why not, and exit 4."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (while attempting")[0]
        typer.echo(f"cannot listen on {host}:{port}: {reason}; choose another --port or --host", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


SERVER_OPTIONS: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": int(GRACE) + 5,
    "ws_max_size": 64 * 1024,  # bytes of a frame: as large as a webhook may be
}
"""No access log: it would hold numbers. A bounded end: open streams do not hold it up."""


def server_config(app: Any, host: str, port: int) -> uvicorn.Config:
    """How a service is served in this process."""
    return uvicorn.Config(app, host=host, port=port, **SERVER_OPTIONS)


@asynccontextmanager
async def serving(service: Service, host: str, port: int) -> AsyncIterator[None]:
    """Serve in the background of this event loop while the block runs."""
    server = uvicorn.Server(server_config(service.app, host, port))
    task = asyncio.ensure_future(server._serve())  # noqa: SLF001 - `serve` would take this process's signals
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.01)
    if task.done():
        task.result()
        raise RuntimeError("the server did not start")
    try:
        yield
    finally:
        service.leave()
        server.should_exit = True
        await task


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
