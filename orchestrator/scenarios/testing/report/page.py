"""The run as one page of HTML that needs nothing else: results, the machines with what was taken, timelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from itertools import groupby

from orchestrator.core import rules
from orchestrator.scenarios.testing.covering import Covered, Row
from orchestrator.scenarios.testing.record import Record
from orchestrator.scenarios.testing.report.diagram import diagram
from orchestrator.scenarios.testing.report.terminal import MARKS, clock_time, length, spent, trouble_lines
from orchestrator.scenarios.testing.serving import Broken


def page(records: Sequence[Record], broken: Sequence[Broken], covered: Covered, seconds: float) -> str:
    """The whole page."""
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    bad = sum(not record.ok for record in records) + len(broken)
    played = sum(record.virtual for record in records)
    head = "All passed" if not bad else f"{bad} of {len(records) + len(broken)} need a look"
    share = f"{covered.percent:.1f} % of states and"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(head)}: scenarios</title><style>{style}</style></head><body><main>",
            f'<h1 class="{"missed" if bad else "met"}">{escape(head)}</h1>',
            f"<p>{len(records)} scenarios in {seconds:.1f} s, {length(played)} played. {share} transitions.</p>",
            *map(_broken, broken),
            *_files(records),
            "<h2>Coverage</h2>",
            _parts(covered),
            *_machines(covered),
            "</main></body></html>\n",
        ]
    )


def _broken(broken: Broken) -> str:
    return f'<h2>{escape(broken.file)}</h2><pre class="missed">{escape(broken.report)}</pre>'


def _files(records: Sequence[Record]) -> list[str]:
    lines = []
    for file, group in groupby(records, key=lambda record: record.file):
        lines += [f"<h2>{escape(file)}</h2>", *map(_scenario, group)]
    return lines


def _scenario(record: Record) -> str:
    mark = "missed" if not record.ok else "met" if record.result == "passed" else "part"
    reason = f" <em>{escape(record.reason)}</em>" if record.reason else ""
    trouble = ""
    if record.trouble and not record.ok:
        trouble = f"<pre>{escape(chr(10).join(trouble_lines(record.trouble, record.zone)))}</pre>"
    happened = "".join(
        f'<tr class="{escape(each.kind)}"><td>{clock_time(each, record.zone)}</td><td>{each.line or ""}</td>'
        f"<td>{escape(each.sentence)}</td></tr>"
        for each in record.timeline
    )
    table = f"<table><tr><th>time</th><th>line</th><th>what happened</th></tr>{happened}</table>"
    return (
        f'<details{"" if record.ok else " open"}><summary><b class="{mark}">{MARKS[record.result]}</b> '
        f"{escape(record.name)}{reason} <small>{spent(record)}</small></summary>"
        f"{trouble}{table if happened else ''}</details>"
    )


def _parts(covered: Covered) -> str:
    rows = "".join(
        f"<tr><td>{escape(part.name)}</td><td>{part.met} of {len(part.counts)}</td>"
        f"<td>{_missed(part.missed)}</td></tr>"
        for part in covered.parts
    )
    return f"<table><tr><th></th><th>met</th><th>never</th></tr>{rows}</table>"


def _missed(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"<details><summary>{len(names)}</summary>{'<br>'.join(map(escape, names))}</details>"


def _machines(covered: Covered) -> list[str]:
    met = next((part.counts for part in covered.parts if part.name == "machines"), {})
    return [
        part for machine in ("call", "thread", "consent") for part in _machine(machine, met, covered.rows)
    ]


def _machine(machine: str, met: Mapping[str, int], rows: Mapping[Row, Mapping[str, int]]) -> list[str]:
    own = {row: taken for row, taken in rows.items() if row.machine == machine}
    table = "".join(
        f'<tr class="{"met" if count else "missed"}"><td>{escape(", ".join(row.sources))}</td>'
        f"<td>{escape(row.trigger)}</td><td>{escape(row.guard)}</td><td>{escape(row.dest or 'the same')}</td>"
        f"<td>{count or 'never'}</td></tr>"
        for row, count in ((row, sum(taken.values())) for row, taken in own.items())
    )
    head = "<tr><th>in</th><th>on</th><th>if</th><th>to</th><th>taken</th></tr>"
    return [
        f"<h3>{escape(machine)}</h3>",
        diagram(machine, list(rules.MACHINES[machine].states), met, own),
        f"<details><summary>every transition</summary><table>{head}{table}</table></details>",
    ]
