"""The doctor for the console: `tandem doctor` in a process of its own, so that its probes share nothing with
the service that answers calls.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from orchestrator.web.console.settings import Examine, Finding

COMMAND = "from orchestrator.guest import main; main()"
LIMIT = 30.0
"""Seconds: the doctor's own limit is below twenty."""
VERDICTS = {"ok": "ok", "warn": "warning", "fail": "failed", "unknown": "failed"}


def doctor_of(file: Path) -> Examine:
    """Examines the configuration in `file`; one look at a time."""
    turn = asyncio.Lock()

    async def examine() -> list[Finding]:
        async with turn:
            return await _examine(file)

    return examine


async def _examine(file: Path) -> list[Finding]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # the folder at hand is not searched for packages: it may have a `config` of its own
        *("-c", COMMAND, "doctor", "--config", str(file), "--json"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), LIMIT)
        checks: list[dict[str, Any]] = json.loads(out)["checks"]
    except (TimeoutError, ValueError, KeyError):
        return [Finding("doctor", "failed", "gave no report; ask `tandem doctor` on the machine")]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [_finding(check) for check in checks]


def _finding(check: dict[str, Any]) -> Finding:
    """A check of the doctor's report as the console shows it."""
    fix = f" Fix: {check['fix']}" if check.get("fix") else ""
    verdict = VERDICTS.get(check["state"], "failed")
    return Finding(f"{check['check']}, {check['subject']}:", verdict, f"{check['told']}{fix}")
