"""`tandem doctor`: whether everything that a configuration names is there, and lets calls and texts through.

It reads and probes; nothing is changed anywhere.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from channels.twilio.integration import Integration
from config import ConfigError, Settings, load
from orchestrator.app.transport import Transport
from orchestrator.cli.doctor.backend import check_assistant
from orchestrator.cli.doctor.carrier import Clock, check_credentials, check_numbers
from orchestrator.cli.doctor.probe import check_public_url
from orchestrator.cli.doctor.report import Finding, as_json, is_fine, lines
from orchestrator.cli.doctor.store import check_redis
from orchestrator.cli.numbers.targets import known_integrations
from orchestrator.cli.running import EXIT_CONFIGURATION, EXIT_UNREACHABLE

LIMIT = 16.0
"""Seconds for all checks together, which run side by side; what is not done by then is unknown. With the
start of the program it stays under twenty."""
CONNECTIONS = 16
"""Requests under way at once, over all hosts."""

Check = tuple[str, str, Coroutine[Any, Any, list[Finding]]]
"""Name and subject, for a check that does not end in time, and the check."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    *,
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration.")] = Path("tandem.yaml"),
    as_json_: Annotated[bool, typer.Option("--json", help="The result as JSON.")] = False,
) -> None:
    """Check Redis, carrier, numbers, public address and assistants, and tell the fix of each trouble."""
    try:
        settings = load(config, os.environ)
    except ConfigError as error:
        found = [Finding("configuration", str(config), "fail", str(error), "correct the places named")]
        typer.echo(
            json.dumps(as_json(found), ensure_ascii=False) if as_json_ else str(error), err=not as_json_
        )
        raise typer.Exit(EXIT_CONFIGURATION) from None
    findings = [Finding("configuration", str(config), "ok", "fine")]
    findings += asyncio.run(examine(settings, config.resolve().parent))
    if as_json_:
        typer.echo(json.dumps(as_json(findings), ensure_ascii=False))
    else:
        for line in lines(findings):
            typer.echo(line)
    if not is_fine(findings):
        raise typer.Exit(EXIT_UNREACHABLE)


async def examine(settings: Settings, folder: Path, *, limit: float = LIMIT) -> list[Finding]:
    """Every check, in reading order, by the service's own way out: by no proxy that the environment names. `folder`
    is where relative file names start.
    """
    found = known_integrations(settings)
    clock = Clock()
    hooks = {"response": [clock.see]}
    async with httpx.AsyncClient(transport=Transport(CONNECTIONS), event_hooks=hooks) as http:
        findings = await _run(_checks(http, settings, found, folder), limit)
    hosts = {entry.base_url: entry for entry in found}
    times = (clock.finding(entry) for entry in hosts.values())
    return findings + [finding for finding in times if finding]


def _checks(
    http: httpx.AsyncClient, settings: Settings, found: Sequence[Integration], folder: Path
) -> list[Check]:
    checks: list[Check] = [("redis", "service.redis_url", check_redis(settings))]
    for entry in found:
        subject = f"{entry.assistant} {entry.section}"
        checks.append(("credentials", subject, _one(check_credentials(http, entry))))
    accounts: dict[tuple[str, str], list[Integration]] = {}
    for entry in found:
        accounts.setdefault((entry.base_url, entry.account_sid), []).append(entry)
    for (_, sid), entries in accounts.items():
        url = settings.service.public_url
        checks.append(("number", f"account {sid}", check_numbers(http, entries, url)))
    for entry in found:
        subject = f"{entry.assistant} {entry.section}"
        checks.append(("public_url", subject, _one(check_public_url(http, entry))))
    for name, assistant in settings.assistants.items():
        checks.append(("assistant", name, _one(check_assistant(http, name, assistant.backend, folder))))
    return checks


async def _one(check: Coroutine[Any, Any, Finding]) -> list[Finding]:
    return [await check]


async def _run(checks: Sequence[Check], limit: float) -> list[Finding]:
    """All at once; the findings in the order of the checks."""
    tasks = [asyncio.ensure_future(check) for _, _, check in checks]
    _, late = await asyncio.wait(tasks, timeout=limit)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    findings: list[Finding] = []
    for (name, subject, _), task in zip(checks, tasks, strict=True):
        if task in late:
            told = f"not done after {limit:.0f} s; not known"
            findings.append(
                Finding(name, subject, "unknown", told, "run this again; something answers slowly")
            )
        else:
            findings += task.result()
    return findings
