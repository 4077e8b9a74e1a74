"""Plays scenarios for another process: one JSON object a line is asked, one is answered.

The pytest plugin is that process. It has packages of its own project, so that nothing of ours is
imported there; see `orchestrator.guest`.

| asked | answered |
|---|---|
| `{"op": "read", "file": PATH, "configuration": PATH or ""}` | `{"plays": [...]}`, or `{"broken": report, "line": n}` |
| `{"op": "run", "file": PATH, "index": n, "configuration": PATH or "", "live": NAME or ""}` | the run's record |
| `{"op": "begin", ...}`, `line`, `end` | see `hand.py` |
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from orchestrator.scenarios.testing.finding import title
from orchestrator.scenarios.testing.hand import by_hand
from orchestrator.scenarios.testing.jobs import Job, Work, leave_ctrl_c, perform, read
from orchestrator.scenarios.testing.record import Record, as_json
from orchestrator.scenarios.testing.report.terminal import trouble_lines

Json = dict[str, Any]
Answer = Callable[[Json], Json]


def main() -> None:
    """Answer until the other process closes its end. What is printed here goes to the errors, not among answers."""
    leave_ctrl_c()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, answers)


def serve(asked: IO[str], answers: IO[str]) -> None:
    """Answer every line. A question that cannot be answered is answered with `error`."""

    def tell(answer: Json) -> None:
        print(json.dumps(answer, ensure_ascii=False), file=answers, flush=True)

    desk = Desk(iter(asked), tell)
    for line in desk.lines:
        tell(desk.answer(json.loads(line)))


class Desk:
    """Answers questions; keeps what files held, so that running one does not read it again."""

    def __init__(self, lines: Iterator[str], tell: Callable[[Json], None]) -> None:
        self.lines = lines
        self._tell = tell
        self._read: dict[tuple[str, str], Work] = {}

    def answer(self, asked: Json) -> Json:
        """One answer."""
        known: dict[str, Answer] = {"read": self._plays, "run": self._run, "begin": self._begin}
        try:
            return known[asked["op"]](asked)
        except Exception as error:  # noqa: BLE001 - the other process reports it, and asks on
            return {"error": f"{type(error).__name__}: {error}"}

    def _plays(self, asked: Json) -> Json:
        work = self._work(asked)
        if work.broken:
            return {"broken": "\n\n".join(each.report for each in work.broken), "line": work.broken[0].line}
        return {"plays": [_listed(job) for job in work.jobs]}

    def _run(self, asked: Json) -> Json:
        job = self._work(asked).jobs[asked["index"]]
        return _played(perform(Job(job.play, job.configuration, asked.get("live", ""))))

    def _begin(self, asked: Json) -> Json:
        end = by_hand(asked, self.lines, self._tell)
        return _played(end) if isinstance(end, Record) else end

    def _work(self, asked: Json) -> Work:
        key = (asked["file"], asked.get("configuration", ""))
        if key not in self._read or asked["op"] == "read":
            configuration = Path(key[1]) if key[1] else None
            self._read[key] = read([Path(key[0])], lambda _: True, configuration)
        return self._read[key]


def _played(record: Record) -> Json:
    """The record, and its failure in lines."""
    lines = list(trouble_lines(record.trouble, record.zone)) if record.trouble else []
    return as_json(record) | {"lines": lines}


def _listed(job: Job) -> Json:
    play = job.play
    return {
        "name": title(play),
        "line": play.place.line,
        "tags": list(play.tags),
        "skip": play.skip,
        "expected to fail": play.expected_to_fail,
    }
