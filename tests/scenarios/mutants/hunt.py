"""Hunting mutants with scenarios: each meets the plays that come by what it damages, the quickest first."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestrator.scenarios.format import load
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.stage import run, scene
from orchestrator.scenarios.testing.finding import find, title
from tests.scenarios.mutants.damages import Mutant, attribute, mutants
from tests.scenarios.mutants.traces import traced

PLAYS = Path(__file__).resolve().parents[1] / "plays"
LONGEST = 10.0
"""Seconds of the processor for one play: a damage that makes it go on for ever is noticed as well."""
RESTLESS = 200
"""Looks without time passing after which a play never comes to rest; whole ones need fewer than ten."""


class HangsError(KeyboardInterrupt):
    """A play did not end in time. What asyncio lets pass from any task out of the loop."""


@dataclass(frozen=True, slots=True)
class Known:
    """A play with what it comes by, and its real seconds."""

    play: Play
    traces: frozenset[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: the play that noticed it and why, or neither. `met` counts the plays."""

    mutant: str
    play: str = ""
    reason: str = ""
    met: int = 0


@cache
def plays() -> tuple[Play, ...]:
    """The scenarios of the project."""
    return tuple(play for file in find([PLAYS]) for play in load(file).plays)


def known(place: int) -> Known:
    """What one of the plays comes by."""
    play = plays()[place]
    with traced() as traces:
        outcome = run(play)
    if outcome.result == "failed":
        raise ValueError(f"{title(play)} fails without any damage: {outcome.failure}")
    return Known(play, frozenset(traces), outcome.real)


def judge(mutant: Mutant, all_known: Iterable[Known], most: int = 0) -> Verdict:
    """Let the mutant meet the plays that may notice it: `most` of them at most, if it is not 0."""
    meeting = sorted(
        (each for each in all_known if mutant.trace in each.traces), key=lambda each: each.seconds
    )
    tried = meeting[:most] if most else meeting
    with mutant.damage(), attribute(scene, "RESTLESS", RESTLESS):
        for count, each in enumerate(tried, 1):
            if reason := noticed(each.play):
                return Verdict(mutant.name, title(each.play), reason, count)
    return Verdict(mutant.name, met=len(tried))


def noticed(play: Play) -> str:
    """Why the play fails now, or nothing."""
    try:
        with _limited():
            outcome = run(play)
    except (HangsError, asyncio.CancelledError):  # the second where the damage makes the service end itself
        return "it does not end"
    return outcome.failure.reason if outcome.failure and outcome.result == "failed" else ""


@contextmanager
def _limited() -> Iterator[None]:
    def over(*_: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# ---- in several processes -----------------------------------------------------------------------
_KNOWN: list[Known] = []


def hunt(workers: int, named: Sequence[str] = ()) -> Iterator[Verdict]:
    """A verdict for each mutant whose name holds one of the words; for all without any."""
    places = range(len(plays()))
    chosen = [
        at for at, each in enumerate(mutants()) if not named or any(word in each.name for word in named)
    ]
    with _pool(workers) as pool:
        _KNOWN[:] = pool.map(known, places)
    with _pool(workers) as pool:  # forked now, so that each has what is known
        yield from pool.map(_judge_at, chosen)


def _judge_at(place: int) -> Verdict:
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what a play leaves undone that did not end
    return judge(mutants()[place], _KNOWN)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=multiprocessing.get_context("fork"))
