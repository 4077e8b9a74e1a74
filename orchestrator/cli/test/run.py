"""A run of `tandem test`: what is wanted of it, and the playing, once or after every change."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from orchestrator.cli.test.telling import Played, Report, tell
from orchestrator.scenarios.stage import House
from orchestrator.scenarios.target import Target
from orchestrator.scenarios.testing.finding import NothingThereError, Wanted, find
from orchestrator.scenarios.testing.jobs import Work, perform_all, read
from orchestrator.scenarios.testing.report.terminal import Terminal
from orchestrator.scenarios.testing.watching import changes

EXIT_USAGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is wanted of a run."""

    paths: tuple[Path, ...]
    wanted: Wanted
    configuration: Path | None
    live: str
    house: House
    target: Target | None
    workers: int
    first_failure: bool
    report: Report


def watching(wished: Run) -> int:
    """Run all now and after every change, until Ctrl-C; the exit code of the last run."""
    code = once(wished)
    for _ in changes(wished.paths):
        typer.echo("\n" + "-" * 40)
        try:
            code = once(wished)
        except NothingThereError as error:  # between a file that went and the one that follows
            typer.echo(str(error), err=True)
            code = EXIT_USAGE
    return code


def once(wished: Run) -> int:
    """Run all once, tell it, and give the exit code. `NothingThereError` when nothing is to be played."""
    started = time.monotonic()
    played = Played(_work(wished))
    shown = Terminal(colour=sys.stdout.isatty())
    for line in _lines(wished, played, shown):
        if not wished.report.as_json:
            typer.echo(line)
    played.seconds = time.monotonic() - started
    return tell(wished.report, played, shown)


def _work(wished: Run) -> Work:
    files = find(wished.paths)
    work = read(files, wished.wanted, wished.configuration, wished.live, wished.house, wished.target)
    if work.jobs or work.broken:
        return work
    there = (
        f"none of {len(work.files)} files has a scenario that is wanted"
        if work.files
        else "no *.scenario.yaml"
    )
    raise NothingThereError(f"no scenario found: {there} in {', '.join(map(str, wished.paths))}")


def _lines(wished: Run, played: Played, shown: Terminal) -> Iterator[str]:
    """Play, and give the lines that tell it as it goes."""
    for broken in played.broken:
        yield from shown.broken(broken)
    running = perform_all(played.work.jobs, wished.workers)
    for record in running:
        played.records.append(record)
        yield from shown.told(record)
        if wished.first_failure and not record.ok:
            running.close()
            return
