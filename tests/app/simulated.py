"""The demo's service, really served on loopback, whose clock can be moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config import parse
from config.sample import sample
from orchestrator.app import Service, build_app
from orchestrator.app.clock import MovableClock
from orchestrator.cli.running import serving
from tests.servers import free_port


@asynccontextmanager
async def served_demo(*, engine: str = "gather") -> AsyncIterator[Service]:
    """While the block runs. At its end time is put forward: who looks once a second is not waited for."""
    port = free_port()
    text = sample("simulator.yaml").replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    text = text.replace("    phone:\n", f"    phone:\n      engine: {engine}\n", 1)
    service = build_app(parse(text, environ={"TANDEM_API_TOKEN": "token"}), folder=Path.cwd())
    assert isinstance(service.clock, MovableClock)
    async with serving(service, "127.0.0.1", port):
        yield service
        hurry = asyncio.ensure_future(_hurry(service.clock))
    hurry.cancel()


async def _hurry(clock: MovableClock) -> None:
    while True:
        await asyncio.sleep(0.05)
        clock.jump(5)
