"""The run as people read it on a terminal."""

from __future__ import annotations

import datetime as dt
import linecache
import unicodedata
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence

from orchestrator.scenarios.testing.covering import Covered
from orchestrator.scenarios.testing.record import Record, Told, Trouble
from orchestrator.scenarios.testing.serving import Broken

MARKS = {"passed": "ok", "failed": "FAIL", "skipped": "skip", "expected failure": "xfail"}
COLOURS = {"passed": "32", "failed": "31;1", "skipped": "33", "expected failure": "33"}
ORDER = tuple(MARKS)
MISSED_SHOWN = 40
"""Lines of what was missed; the HTML report has all."""


class Terminal:
    """Writes lines, in colour where `colour` is set."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour
        self._file = ""

    def told(self, record: Record) -> Iterator[str]:
        """The lines of one run; a file's name before its first."""
        if record.file != self._file:
            self._file = record.file
            yield printable(record.file)
        mark = self._painted(f"{MARKS[record.result]:<5}", COLOURS[record.result])
        reason = (
            f" ({record.reason})"
            if record.reason and record.result in {"skipped", "expected failure"}
            else ""
        )
        yield f"  {mark} {printable(record.name + reason)}  {spent(record)}"
        if record.trouble and record.result == "failed":
            yield from (f"        {line}" for line in trouble_lines(record.trouble, record.zone))

    def broken(self, broken: Broken) -> Iterator[str]:
        """A file with mistakes."""
        yield printable(f"{broken.file}")
        yield f"  {self._painted('ERROR', COLOURS['failed'])} has mistakes:"
        yield from (f"        {line}" for line in broken.report.splitlines())

    def summary(self, records: Sequence[Record], broken: Sequence[Broken], seconds: float) -> str:
        """How many of what, and how long it took."""
        counts = Counter(record.result for record in records)
        parts = [
            f"{count} {result}"
            for result, count in sorted(counts.items(), key=lambda each: ORDER.index(each[0]))
        ]
        parts += [f"{len(broken)} with mistakes"] if broken else []
        played = sum(record.virtual for record in records)
        bad = bool(counts["failed"] or broken)
        scenarios = f"{len(records)} scenario{'' if len(records) == 1 else 's'}"
        text = f"{scenarios}: {', '.join(parts) or 'none'} in {seconds:.1f} s ({length(played)} played)"
        return self._painted(text, COLOURS["failed" if bad else "passed"])

    def coverage(self, covered: Covered) -> Iterator[str]:
        """What was met of each kind, and what was missed of states and transitions."""
        yield "coverage"
        for part in covered.parts:
            share = 100 * part.met / len(part.counts)
            yield f"  {part.name:<12} {part.met:>3} of {len(part.counts):<3} {share:5.0f} %"
        missed = [(part.name, each) for part in covered.parts if part.counted for each in part.missed]
        for name, each in missed[:MISSED_SHOWN]:
            yield f"  never: {'transition ' if name == 'transitions' else 'state '}{each}"
        if len(missed) > MISSED_SHOWN:
            yield f"  and {len(missed) - MISSED_SHOWN} more: --html shows all"
        yield f"  {covered.percent:.1f} % of states and transitions"

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour else text


def trouble_lines(trouble: Trouble, zone: str) -> Iterator[str]:
    """A failure: where, the line with a caret, what was expected and got, and what happened last."""
    yield printable(trouble.head)
    linecache.checkcache(trouble.file)
    written = linecache.getline(trouble.file, trouble.line).rstrip() or trouble.source
    if written:
        gutter = f"{trouble.line:>5} | "
        yield printable(gutter + written)
        under = "".join("\t" if c == "\t" else " " for c in written[: trouble.column - 1])
        yield " " * (len(gutter) - 2) + "| " + under + "^"
    if trouble.expected:
        yield printable(f"expected: {trouble.expected}")
    if trouble.expected or trouble.got:
        yield printable(f"     got: {trouble.got or 'nothing'}")
    if trouble.last:
        yield "what happened last:"
        yield from (printable(f"  {clock_time(each, zone)}  {each.sentence}") for each in trouble.last)


def clock_time(told: Told, zone: str) -> str:
    """The time of day at which it happened in the play."""
    known = dt.UTC if zone == "UTC" else zoneinfo.ZoneInfo(zone)
    return dt.datetime.fromtimestamp(told.at, known).strftime("%H:%M:%S")


def spent(record: Record) -> str:
    """The time it took, and the time it played."""
    played = f", {length(record.virtual)} played" if record.virtual >= 1 else ""
    return "" if record.result == "skipped" else f"{record.real * 1000:.0f} ms{played}"


def length(seconds: float) -> str:
    """A length of time in two units."""
    for size, unit, smaller, small in ((86_400, "d", 3600, "h"), (3600, "h", 60, "m"), (60, "m", 1, "s")):
        if seconds >= size:
            rest = int(seconds % size // smaller)
            return f"{int(seconds // size)}{unit}" + (f"{rest}{small}" if rest else "")
    return f"{seconds:.0f}s"


def printable(text: str) -> str:
    """The text without characters that would steer a terminal."""
    return "".join(
        c if c == "\t" or unicodedata.category(c) != "Cc" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
