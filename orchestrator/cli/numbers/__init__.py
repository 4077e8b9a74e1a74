"""`tandem numbers list | point | restore`: where the carrier sends calls and texts of our numbers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer

from config import Settings
from orchestrator.cli.numbers import backup, listing
from orchestrator.cli.numbers.change import Consent, Result, carry_out, terminal_ask
from orchestrator.cli.numbers.plan import Plan, plan_of, pointing
from orchestrator.cli.numbers.targets import Looked, Target, UsageError, known_integrations, look, targets
from orchestrator.cli.running import EXIT_UNREACHABLE, read_settings

EXIT_FAILED = 1
EXIT_USAGE = 2

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration.")]
JsonOption = Annotated[bool, typer.Option("--json", help="The result as JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Change without asking.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the difference, change nothing.")]
DEFAULT = Path("tandem.yaml")
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="numbers", help="Where the carrier sends our numbers' calls and texts.", no_args_is_help=True
    )
    group.command("list")(list_numbers)
    group.command("point")(point)
    group.command("restore")(restore)
    app.add_typer(group)


def list_numbers(*, config: ConfigOption = DEFAULT, as_json: JsonOption = False) -> None:
    """Show each integration's Webhook URIs, and what the carrier has now for each number."""
    settings = read_settings(config)
    found = known_integrations(settings)

    async def run(http: httpx.AsyncClient) -> list[listing.Entry]:
        return await listing.entries(http, found)

    listed = _with_http(run)
    grouped = listing.groups(found, listed, settings.service.public_url)
    if as_json:
        typer.echo(json.dumps({"integrations": grouped}, ensure_ascii=False))
    else:
        for line in listing.lines(grouped):
            typer.echo(line)
    if any(entry.looked.trouble for entry in listed):
        raise typer.Exit(EXIT_UNREACHABLE)


def point(
    numbers: Annotated[list[str] | None, typer.Argument(help="Our numbers; none: all of them.")] = None,
    *,
    config: ConfigOption = DEFAULT,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    replace_application: Annotated[
        bool,
        typer.Option(
            "--replace-application", help="Also take away applications and trunks that make URLs ignored."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Set the addresses of our numbers at the carrier, after showing the difference; old values are kept."""
    settings = read_settings(config)

    async def plans(http: httpx.AsyncClient) -> list[Plan]:
        wanted = targets(known_integrations(settings), numbers or ())
        url = settings.service.public_url
        return [
            pointing(each.target, each.owned, url, replace_application=replace_application)
            for each in await _found(http, wanted)
            if each.owned is not None
        ]

    _change(config, Consent(yes, dry_run, terminal_ask()), plans, "numbers", as_json=as_json)


def restore(
    file: Annotated[Path | None, typer.Argument(help="The backup; none: the latest one.")] = None,
    *,
    config: ConfigOption = DEFAULT,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring back the values that numbers had before `tandem numbers point`, after showing the difference."""
    settings = read_settings(config)

    async def plans(http: httpx.AsyncClient) -> list[Plan]:
        source = file or backup.latest(config.resolve().parent)
        kept = backup.read(source)
        wanted = [_target(settings, each, source) for each in kept]
        looked = await _found(http, wanted)
        return [
            plan_of(each.target, each.owned, old.before, ())
            for each, old in zip(looked, kept, strict=True)
            if each.owned is not None
        ]

    _change(config, Consent(yes, dry_run, terminal_ask()), plans, "undone", as_json=as_json)


def _target(settings: Settings, kept: backup.Kept, source: Path) -> Target:
    """The number of a backup in our configuration. Raises UsageError for another account's."""
    for entry in known_integrations(settings):
        if (entry.base_url, entry.account_sid) == (kept.base_url, kept.account_sid):
            return Target(entry, kept.number, frozenset({entry.kind}))
    raise UsageError(
        f"{source} is a backup of account {kept.account_sid} at {kept.base_url}, "
        "which this configuration does not use: nothing was changed"
    )


class _NotFoundError(Exception):
    """Some numbers could not be looked up: nothing is planned."""


async def _found(http: httpx.AsyncClient, wanted: Sequence[Target]) -> list[Looked]:
    """All of them, or a report of those that are missing."""
    looked = [await look(http, target) for target in wanted]
    missing = [each for each in looked if each.trouble]
    if missing:
        raise _NotFoundError(
            "\n".join(f"{each.target.number}: {each.trouble}" for each in missing) + "\nnothing was changed"
        )
    return looked


def _change(
    config: Path,
    consent: Consent,
    make: Callable[[httpx.AsyncClient], Coroutine[Any, Any, list[Plan]]],
    made: backup.Made,
    *,
    as_json: bool,
) -> None:
    folder = config.resolve().parent

    def say(line: str) -> None:
        typer.echo(line, err=as_json)

    async def run(http: httpx.AsyncClient) -> tuple[list[Plan], Result]:
        plans = await make(http)
        return plans, await carry_out(
            http, plans, consent, lambda them: backup.write(folder, them, made, time.time()), say
        )

    try:
        plans, result = _with_http(run)
    except UsageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_USAGE) from None
    except _NotFoundError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    except OSError as error:
        typer.echo(f"the old values could not be kept ({error.strerror}): nothing was changed", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    _report(plans, result, as_json=as_json)


def _report(plans: Sequence[Plan], result: Result, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result.as_json(plans), ensure_ascii=False))
    elif result.state in {"planned", "declined"}:
        typer.echo("nothing was changed")
    elif result.state == "failed" and result.file is None:
        typer.echo(next(iter(result.failures.values())), err=True)
    if result.state == "declined":
        raise typer.Exit(EXIT_FAILED)
    if result.state == "failed":
        raise typer.Exit(EXIT_UNREACHABLE)


def _with_http(run: Callable[[httpx.AsyncClient], Coroutine[Any, Any, T]]) -> T:
    """Run with an HTTP client of its own."""

    async def whole() -> T:
        async with httpx.AsyncClient() as http:
            return await run(http)

    return asyncio.run(whole())
