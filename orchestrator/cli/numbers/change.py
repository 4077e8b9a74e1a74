"""Carrying plans out: shown, confirmed, kept in a backup, written, and looked at again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import typer

from channels.twilio.account import Account
from orchestrator.cli.numbers.plan import Plan
from orchestrator.cli.numbers.targets import UsageError, look
from orchestrator.cli.numbers.trouble import carrier_trouble
from orchestrator.core.errors import CarrierError

Ask = Callable[[str], bool]
"""Asks a person and gives their yes or no."""


@dataclass(frozen=True, slots=True)
class Consent:
    """How the change is agreed to. `ask` is None where nobody can be asked."""

    yes: bool
    dry_run: bool
    ask: Ask | None


@dataclass(slots=True)
class Result:
    """What became of it: `planned` (a dry run), `unchanged`, `declined`, `changed` or `failed`."""

    state: str
    file: Path | None = None
    failures: dict[str, str] = field(default_factory=dict)

    def as_json(self, plans: Sequence[Plan]) -> dict[str, Any]:
        """For programs."""
        numbers = [plan.as_json() | {"failure": self.failures.get(plan.owned.sid)} for plan in plans]
        return {"state": self.state, "backup": str(self.file) if self.file else None, "numbers": numbers}


async def carry_out(
    http: httpx.AsyncClient,
    plans: Sequence[Plan],
    consent: Consent,
    keep: Callable[[Sequence[Plan]], Path],
    say: Callable[[str], None],
) -> Result:
    """Do it, if it is agreed to. `keep` writes the old values before the first change."""
    for plan in plans:
        for line in plan.lines():
            say(line)
    pending = [plan for plan in plans if plan.after]
    if not pending:
        return Result("unchanged")
    if consent.dry_run:
        return Result("planned")
    if not _agreed(consent, len(pending)):
        return Result("declined")
    stale = [plan.owned.number for plan in pending if await _is_stale(http, plan)]
    if stale:
        return Result("failed", failures={plan.owned.sid: _STALE for plan in pending})
    result = Result("changed", keep(pending))
    say(f"the old values are in {result.file}")
    for plan in pending:
        failure = await _write(http, plan)
        say(f"{plan.owned.number}: {failure or 'done'}")
        if failure:
            result.failures[plan.owned.sid] = failure
    if result.failures:
        result.state = "failed"
    return result


_STALE = "a number changed at the carrier since it was shown, or could not be read again: nothing was done"


def _agreed(consent: Consent, count: int) -> bool:
    if consent.yes:
        return True
    if consent.ask is None:
        raise UsageError("nobody can be asked without a terminal: give --yes to change, --dry-run to look")
    return consent.ask(f"Change {count} {'number' if count == 1 else 'numbers'} at the carrier?")


async def _is_stale(http: httpx.AsyncClient, plan: Plan) -> bool:
    """Whether the values that were shown, and are to be kept, are not the carrier's."""
    found = await look(http, plan.target)
    if found.owned is None or found.owned.sid != plan.owned.sid:
        return True
    return any(found.owned.settings[name] != value for name, value in plan.before.items())


async def _write(http: httpx.AsyncClient, plan: Plan) -> str:
    """Write, then read again, for an answer may be lost and a value not taken; the failure, or nothing."""
    told = ""
    try:
        await Account(http, plan.target.integration).update(plan.owned.sid, plan.after)
    except CarrierError as error:
        told = carrier_trouble(error, plan.target.integration).told
    found = await look(http, plan.target)
    if found.owned is None:
        return told or "written, but could not be read again: run `tandem numbers list`"
    missing = [name for name, value in plan.after.items() if found.owned.settings[name] != value]
    if not missing:
        return ""
    return told or f"the carrier did not take {', '.join(missing)}"


def terminal_ask() -> Ask | None:
    """A question on the terminal, None where there is none."""
    if not sys.stdin.isatty():
        return None
    return lambda question: typer.confirm(question, err=True)
