"""From files to runs: each play of each file with its configuration, in this process or in several.

Processes are forked where that is safe, since a new interpreter takes longer to load the service than a
play takes to run.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.dotenv import with_dotenv
from orchestrator.scenarios import format as scenario_format
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.stage import Configuration, House, run
from orchestrator.scenarios.target import Target
from orchestrator.scenarios.target import run as against
from orchestrator.scenarios.testing.finding import Wanted
from orchestrator.scenarios.testing.record import Record, crashed, record
from orchestrator.scenarios.testing.serving import Broken, Serving, beside

FEW: Final = 8
"""Plays for which another process is not worth its start."""

IN_MEMORY: Final = House()
"""A service of one worker on fakeredis."""


@dataclass(frozen=True, slots=True)
class Job:
    """One play to run: its configuration's path, empty for the built-in one, who answers in `live` plays, what
    the service consists of, or the running one that the play is performed against.
    """

    play: Play
    configuration: str = ""
    live: str = ""
    house: House = IN_MEMORY
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What the files hold: jobs in their order, and files that are broken."""

    jobs: tuple[Job, ...]
    broken: tuple[Broken, ...]
    files: tuple[Path, ...] = ()


def read(
    files: Sequence[Path],
    wanted: Wanted,
    configuration: Path | None,
    live: str = "",
    house: House = IN_MEMORY,
    target: Target | None = None,
) -> Work:
    """Every wanted play of the files. A configuration with mistakes breaks those that it serves, once."""
    jobs: list[Job] = []
    serving = Serving(live)
    broken: dict[str, Broken] = {}
    for file in files:
        loaded = scenario_format.load(file)
        if loaded.problems:
            first = loaded.problems[0].place
            broken[str(file)] = Broken(str(file), loaded.report, first.line, first.column)
            continue
        plays = [play for play in loaded.plays if wanted(play)]
        served = configuration or beside(file)
        fault = serving.fault(served) if plays and served else None
        if fault is None:
            jobs += [Job(play, str(served or ""), live, house, target) for play in plays]
        else:
            broken[fault.file] = fault
    return Work(tuple(jobs), tuple(broken.values()), tuple(files))


def perform(job: Job) -> Record:
    """Run one play, whatever comes of it."""
    try:
        if job.target is not None:
            return record(against(job.play, _configured(job.configuration) or Configuration(), job.target))
        return record(run(job.play, _configured(job.configuration), live=job.live, house=job.house))
    except Exception as error:  # noqa: BLE001 - one play that cannot be run is no reason not to run the others
        return crashed(job.play, f"the play could not be performed: {type(error).__name__}: {error}")


def perform_all(jobs: Sequence[Job], workers: int) -> Generator[Record, None, None]:
    """Run the plays, and give their records in their order. Closing the iterator ends it. Those on a real Redis
    have it one after the other, and so those against a running service.
    """
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if any(job.house.redis_url or job.target for job in jobs):
        count = 1
    if count <= 1 or (not workers and len(jobs) <= FEW):
        yield from map(perform, jobs)
        return
    forks = sys.platform == "linux"
    context = multiprocessing.get_context("fork" if forks else "spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=leave_ctrl_c)
    try:
        yield from _in_order(pool, jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def leave_ctrl_c() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the one that was started by hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_order(pool: ProcessPoolExecutor, jobs: Sequence[Job]) -> Iterator[Record]:
    futures = [pool.submit(perform, job) for job in jobs]
    for job, future in zip(jobs, futures, strict=True):
        try:
            yield future.result()
        except BrokenProcessPool:
            yield crashed(job.play, "its process ended")


def _configured(path: str) -> Configuration | None:
    """The configuration's text, with the environment that is its own: the process' and the `.env` beside it."""
    if not path:
        return None
    text = Path(path).read_text(encoding="utf-8-sig")
    return Configuration(text, path, with_dotenv(Path(path), os.environ))
