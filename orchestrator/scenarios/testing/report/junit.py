"""JUnit's XML, as CI systems read it: a suite for each file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from orchestrator.scenarios.testing.record import Record
from orchestrator.scenarios.testing.report.terminal import trouble_lines
from orchestrator.scenarios.testing.serving import Broken

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(records: Sequence[Record], broken: Sequence[Broken], seconds: float) -> str:
    """The whole document. A file with mistakes is an error of its suite."""
    failures = sum(not record.ok for record in records)
    counts = {"tests": len(records) + len(broken), "failures": failures, "errors": len(broken)}
    root = ET.Element("testsuites", {"name": "tandem test", "time": f"{seconds:.3f}", **_texts(counts)})
    for file, group in groupby(records, key=lambda record: record.file):
        _suite(root, file, list(group))
    for each in broken:
        suite = ET.SubElement(root, "testsuite", _texts({"name": each.file, "tests": 1, "errors": 1}))
        case = ET.SubElement(
            suite, "testcase", {"name": each.file, "classname": each.file, "file": each.file}
        )
        error = ET.SubElement(case, "error", {"message": clean(each.report.splitlines()[0])})
        error.text = clean(each.report)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def clean(text: str) -> str:
    """Without the characters that XML has no place for."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _suite(root: ET.Element, file: str, records: Sequence[Record]) -> None:
    counts = {
        "tests": len(records),
        "failures": sum(not record.ok for record in records),
        "errors": 0,
        "skipped": sum(record.result in {"skipped", "expected failure"} for record in records),
    }
    took = f"{sum(record.real for record in records):.3f}"
    suite = ET.SubElement(root, "testsuite", {"name": clean(file), "time": took, **_texts(counts)})
    for record in records:
        _case(suite, record)


def _case(suite: ET.Element, record: Record) -> None:
    named = {"name": clean(record.name), "classname": clean(record.file), "file": clean(record.file)}
    case = ET.SubElement(suite, "testcase", {**named, "line": str(record.line), "time": f"{record.real:.3f}"})
    if record.result == "failed" and record.trouble:
        failure = ET.SubElement(
            case, "failure", {"message": clean(record.trouble.summary), "type": "scenario"}
        )
        failure.text = clean("\n".join(trouble_lines(record.trouble, record.zone)))
    elif record.result in {"skipped", "expected failure"}:
        ET.SubElement(case, "skipped", {"message": clean(record.reason or record.result)})


def _texts(counts: dict[str, object] | dict[str, int]) -> dict[str, str]:
    return {name: clean(str(value)) for name, value in counts.items()}
