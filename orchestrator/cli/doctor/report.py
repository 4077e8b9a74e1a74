"""What a check found, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["ok", "warn", "fail", "unknown"]
"""`unknown`: what would tell did not answer. It is no leave to go on, so it counts as a failure."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: of what (`subject`), how it stands, in words, and the fix in one line if it is not ok."""

    check: str
    subject: str
    state: State
    told: str
    fix: str = ""


def is_fine(findings: Sequence[Finding]) -> bool:
    """Whether nothing failed and nothing is unknown; warnings are allowed."""
    return all(found.state in {"ok", "warn"} for found in findings)


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """The report, for people."""
    for found in findings:
        yield f"{found.state:<8}{found.check:<15}{found.subject}: {found.told}"
        if found.fix:
            yield f"{'':<8}{'':<15}fix: {found.fix}"
    counts = {state: sum(found.state == state for found in findings) for state in ("fail", "unknown", "warn")}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    yield told or "all fine"


def as_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The report, for programs."""
    return {"fine": is_fine(findings), "checks": [asdict(found) for found in findings]}
