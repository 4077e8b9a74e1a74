"""What came of a run of `tandem test`, told: on the terminal, as JSON, as files, and as the exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import typer

from orchestrator.cli.files import write
from orchestrator.cli.running import EXIT_CONFIGURATION
from orchestrator.scenarios.testing.covering import Covered, covered
from orchestrator.scenarios.testing.jobs import Work
from orchestrator.scenarios.testing.record import Record, as_json, merged
from orchestrator.scenarios.testing.report.junit import junit
from orchestrator.scenarios.testing.report.page import page
from orchestrator.scenarios.testing.report.terminal import Terminal
from orchestrator.scenarios.testing.serving import Broken, nodes

EXIT_FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run is told. `cover_min`: the percentage of states and transitions below which it fails; `junit`
    and `html` are files to write.
    """

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


def tell(wished: Report, played: Played, shown: Terminal) -> int:
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
    if wished.junit:
        write(wished.junit, junit(played.records, played.broken, played.seconds), with_folders=True)
    if wished.html:
        write(wished.html, page(played.records, played.broken, met, played.seconds), with_folders=True)
    if too_little or any(not record.ok for record in played.records):
        return EXIT_FAILED
    return EXIT_CONFIGURATION if played.broken else 0


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
