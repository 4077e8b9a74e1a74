"""`tandem fuzz`: random callers, until something that always holds does not."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Annotated

import typer

from config.dotenv import with_dotenv
from config.kinds import MistakeError
from config.values import duration
from orchestrator.cli.files import write
from orchestrator.cli.running import read_settings
from orchestrator.scenarios.fuzzing import search
from orchestrator.scenarios.stage import Configuration

EXIT_FAILED = 1
EXIT_USAGE = 2
FILE = Path("found.scenario.yaml")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fuzz")(fuzz)


def fuzz(
    *,
    runs: Annotated[int, typer.Option("--runs", min=1, help="At most that many made-up plays.")] = 100,
    seed: Annotated[int | None, typer.Option("--seed", help="Make up the plays of this seed again.")] = None,
    for_time: Annotated[str, typer.Option("--time", help="At most that long, such as 5m.")] = "",
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the scenario of a failure goes.")] = FILE,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; else a built-in one.")
    ] = None,
) -> None:
    """Let people, bot, network and time do anything: exit 0 if all holds, 1 with a scenario if not."""
    begun = seed if seed is not None else random.SystemRandom().randrange(1_000_000)
    typer.echo(f"seed {begun}")
    try:
        found = search(
            _configured(config),
            seed=begun,
            runs=runs,
            seconds=_seconds(for_time),
            told=lambda done: typer.echo(f"{done} plays", err=True) if sys.stderr.isatty() else None,
        )
    except ImportError:
        typer.echo("tandem fuzz needs Hypothesis: pip install 'tandem-orchestrator[fuzz]'", err=True)
        raise typer.Exit(EXIT_USAGE) from None
    if not found.reason:
        typer.echo(f"{found.runs} plays: everything holds")
        return
    write(out, found.text)
    typer.echo(f"{found.reason}\nseed {found.seed} finds it again; written to {out}")
    raise typer.Exit(EXIT_FAILED)


def _configured(config: Path | None) -> Configuration:
    if config is None:
        return Configuration()
    read_settings(config)
    return Configuration(config.read_text(encoding="utf-8-sig"), str(config), with_dotenv(config, os.environ))


def _seconds(written: str) -> float:
    if not written:
        return float("inf")
    try:
        return float(duration().read(written))
    except MistakeError as error:
        raise typer.BadParameter(f"--time: {error}") from None
