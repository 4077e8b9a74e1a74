"""Records of runs that passed and failed, and the coverage that they might have."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.scenarios.testing.record import Record, Result, Told, Trouble

TROUBLE = Trouble(
    file="a.scenario.yaml",
    line=6,
    column=5,
    reason="Ana hears something else",
    expected='"Hullo <b>"',
    got='"Hello."',
    source="Ana hears: Hullo",
    last=(Told(at=1_772_442_000.0, kind="act", sentence="Ana calls \x1b[2J"),),
)
COVERAGE = {
    "states": {"in_call": 2},
    "machines": {"call:listening": 2, "call:none": 1},
    "transitions": {"call CallStarted is_inbound none": 1},
    "events": {"call_started": 1, "strange": 1},
    "reasons": {"refused:no_live_call": 1},
    "nodes": {"welcome": 1},
}


def a_record(
    name: str = "Play",
    result: Result = "passed",
    *,
    file: str = "a.scenario.yaml",
    trouble: Trouble | None = None,
    coverage: Mapping[str, Mapping[str, int]] = COVERAGE,
) -> Record:
    """One run."""
    reason = {"skipped": "later", "expected failure": "not built"}.get(result, "")
    return Record(
        file=file,
        line=1,
        name=name,
        tags=("smoke",),
        result=result,
        reason=reason,
        trouble=trouble,
        timeline=(Told(at=1_772_442_000.0, kind="heard", sentence='Ana hears "<b>"', line=5),),
        coverage=coverage,
        virtual=90.0,
        real=0.05,
    )


RUN = [
    a_record("One"),
    a_record("Two", "failed", trouble=TROUBLE),
    a_record("Three", "skipped", file="b.scenario.yaml"),
    a_record("Four", "expected failure", file="b.scenario.yaml", trouble=TROUBLE),
]
