"""Running a service in this process: its configuration, its server, its end."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer
import uvicorn

from config import ConfigError, Settings, load
from orchestrator.app import GRACE, Service

EXIT_CONFIGURATION = 3
EXIT_UNREACHABLE = 4


def read_settings(file: Path) -> Settings:
    """The configuration, or its report and exit code 3."""
    try:
        return load(file, os.environ)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_CONFIGURATION) from None


def server_config(service: Service, host: str, port: int) -> uvicorn.Config:
    """How a service is served: no access log (it would hold numbers), a bounded end."""
    return uvicorn.Config(
        service.app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(GRACE) + 5,
    )


@asynccontextmanager
async def serving(service: Service, host: str, port: int) -> AsyncIterator[None]:
    """Serve in the background of this event loop while the block runs."""
    server = uvicorn.Server(server_config(service, host, port))
    task = asyncio.ensure_future(server._serve())  # noqa: SLF001 - `serve` would take this process's signals
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.01)
    if task.done():
        task.result()
        raise RuntimeError("the server did not start")
    try:
        yield
    finally:
        server.should_exit = True
        await task


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
