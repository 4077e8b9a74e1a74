"""`tandem test`: plays scenarios in virtual time, and tells what they went through."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.running import EXIT_CONFIGURATION, EXIT_UNREACHABLE, read_settings
from orchestrator.scenarios.stage import House
from orchestrator.scenarios.stage.real import UnusableError, reserve
from orchestrator.scenarios.target import Target
from orchestrator.scenarios.target.settings import LONGEST_WAIT, PATIENCE
from orchestrator.scenarios.testing.covering import Covered, covered
from orchestrator.scenarios.testing.finding import NothingThereError, Wanted, find, wanted
from orchestrator.scenarios.testing.jobs import Work, perform_all, read
from orchestrator.scenarios.testing.record import Record, as_json, merged
from orchestrator.scenarios.testing.report.junit import junit
from orchestrator.scenarios.testing.report.page import page
from orchestrator.scenarios.testing.report.terminal import Terminal
from orchestrator.scenarios.testing.serving import Broken, nodes
from orchestrator.scenarios.testing.watching import changes

EXIT_FAILED = 1
EXIT_USAGE = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test")(play)


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
    as_json: bool
    cover: bool
    cover_min: float | None
    junit: Path | None
    html: Path | None


@dataclass(slots=True)
class Played:
    """What came of it."""

    work: Work
    records: list[Record] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Files with mistakes."""
        return self.work.broken

    @property
    def covered(self) -> Covered:
        """What all plays together went through."""
        return covered(merged(self.records), nodes((job.configuration, job.live) for job in self.work.jobs))


def play(
    paths: Annotated[list[Path] | None, typer.Argument(help="Scenario files, and folders of them.")] = None,
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="The configuration; else a tandem.yaml beside the scenario, else a built-in one."
        ),
    ] = None,
    assistant: Annotated[
        str, typer.Option("--assistant", help="Let this assistant answer; the bot's lines are checks then.")
    ] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only scenarios with this tag.")] = None,
    names: Annotated[
        str, typer.Option("-k", help="Only scenarios whose name, file or tags fit: words, and, or, not.")
    ] = "",
    first_failure: Annotated[bool, typer.Option("-x", help="Stop at the first failure.")] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes; 0: as many as there are processors.")
    ] = 0,
    redis_url: Annotated[
        str,
        typer.Option(
            "--redis", metavar="URL", help="Keep sessions in this real Redis, in a database that is empty."
        ),
    ] = "",
    service_workers: Annotated[
        int,
        typer.Option(
            "--service-workers", min=1, max=8, help="Workers of the service, which share the webhooks."
        ),
    ] = 1,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="URL",
            help="Play against this running service; --config is its configuration.",
        ),
    ] = "",
    as_bot: Annotated[
        bool, typer.Option("--as-bot", help="With --target: answer at the address of the assistant, too.")
    ] = False,
    patience: Annotated[
        float,
        typer.Option("--patience", min=0, help="With --target: seconds in which a check may come true."),
    ] = PATIENCE,
    longest_wait: Annotated[
        float, typer.Option("--longest-wait", min=0, help="With --target: skip what waits for more seconds.")
    ] = LONGEST_WAIT,
    cover: Annotated[
        bool, typer.Option("--cover", help="Tell what was covered, and what was never.")
    ] = False,
    cover_min: Annotated[
        float | None,
        typer.Option(
            "--cover-min", min=0, max=100, help="Fail below this percentage of states and transitions."
        ),
    ] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Write JUnit's XML.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a report that is one page.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Run again when a file changes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The results as JSON.")] = False,
) -> None:
    """Play scenarios in virtual time: exit 0 when all pass, 1 when one fails, 3 when a file has mistakes."""
    if target and not config:
        raise typer.BadParameter("--target needs --config: the configuration that the service runs with")
    if config:
        read_settings(config)
    try:
        wished = Run(
            paths=tuple(paths or [Path()]),
            wanted=wanted(tag or (), names),
            configuration=config,
            live=assistant,
            house=House(redis_url, service_workers),
            target=Target(target, as_bot, patience, longest_wait) if target else None,
            workers=workers,
            first_failure=first_failure,
            as_json=as_json,
            cover=cover,
            cover_min=cover_min,
            junit=junit_file,
            html=html,
        )
        if redis_url:
            reserve(redis_url)
        code = _watching(wished) if watch else _once(wished)
    except NothingThereError as error:
        raise typer.BadParameter(str(error)) from None
    except UnusableError as error:
        typer.echo(f"--redis: {error}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
    raise typer.Exit(code)


def _watching(wished: Run) -> int:
    """Run all now and after every change, until Ctrl-C; the exit code of the last run."""
    code = _once(wished)
    for _ in changes(wished.paths):
        typer.echo("\n" + "-" * 40)
        try:
            code = _once(wished)
        except NothingThereError as error:  # between a file that went and the one that follows
            typer.echo(str(error), err=True)
            code = EXIT_USAGE
    return code


def _once(wished: Run) -> int:
    """Run all once, tell it, and give the exit code."""
    started = time.monotonic()
    work = read(
        find(wished.paths), wished.wanted, wished.configuration, wished.live, wished.house, wished.target
    )
    if not work.jobs and not work.broken:
        there = (
            f"none of {len(work.files)} files has a scenario that is wanted"
            if work.files
            else "no *.scenario.yaml"
        )
        raise NothingThereError(f"no scenario found: {there} in {', '.join(map(str, wished.paths))}")
    played = Played(work)
    shown = Terminal(colour=sys.stdout.isatty())
    for line in _lines(wished, played, shown):
        if not wished.as_json:
            typer.echo(line)
    played.seconds = time.monotonic() - started
    return _told(wished, played, shown)


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


def _told(wished: Run, played: Played, shown: Terminal) -> int:
    """Write what is left to tell, and give the exit code."""
    met = played.covered
    too_little = wished.cover_min is not None and met.percent < wished.cover_min
    if wished.as_json:
        typer.echo(json.dumps(_as_json(played, met), ensure_ascii=False))
    else:
        for line in shown.coverage(met) if wished.cover or wished.cover_min is not None else ():
            typer.echo(line)
        typer.echo(shown.summary(played.records, played.broken, played.seconds))
    if too_little:
        typer.echo(f"coverage {met.percent:.1f} % is below --cover-min {wished.cover_min:g}", err=True)
    _write(wished.junit, junit(played.records, played.broken, played.seconds) if wished.junit else "")
    _write(wished.html, page(played.records, played.broken, met, played.seconds) if wished.html else "")
    if too_little or any(not record.ok for record in played.records):
        return EXIT_FAILED
    return EXIT_CONFIGURATION if played.broken else 0


def _write(path: Path | None, text: str) -> None:
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(
            f"{path}: cannot be written: {(error.strerror or 'error').lower()}"
        ) from None


def _as_json(played: Played, met: Covered) -> dict[str, object]:
    return {
        "passed": all(record.ok for record in played.records) and not played.broken,
        "seconds": round(played.seconds, 3),
        "scenarios": [as_json(record) for record in played.records],
        "broken": [
            {"file": each.file, "line": each.line, "column": each.column, "report": each.report}
            for each in played.broken
        ],
        "coverage": {
            "percent": round(met.percent, 1),
            **{
                part.name: {"met": part.met, "of": len(part.counts), "never": part.missed}
                for part in met.parts
            },
        },
    }
