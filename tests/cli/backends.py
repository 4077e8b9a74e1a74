"""What the doctor says of an assistant's backend that is played by a transport."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx

from config import parse
from orchestrator.cli.doctor.backend import check_assistant
from orchestrator.cli.doctor.report import Finding
from tests.fakes.world import configuration


def finding(transport: httpx.AsyncBaseTransport, keys: Mapping[str, str]) -> Finding:
    """The finding about a backend with these keys, behind this transport."""
    written = "{" + ", ".join(f"{name}: '{value}'" for name, value in keys.items()) + "}"
    settings = parse(configuration(backend=written), name="tandem.yaml", environ={})

    async def go() -> Finding:
        async with httpx.AsyncClient(transport=transport) as http:
            return await check_assistant(http, "support", settings.assistants["support"].backend, Path())

    return asyncio.run(go())


def answering(answer: httpx.Response | Exception) -> httpx.MockTransport:
    """A transport on which every request has this answer, or fails so."""

    def answered(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.MockTransport(answered)
