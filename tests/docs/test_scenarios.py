"""The pages about scenarios show what is really told."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.blocks import Block, all_blocks
from tests.docs.scenarios import a_failing_scenario, a_scenario, lines_of_a_scenario, report_of

PAIRS = [(one, other) for one, other in pairwise(all_blocks()) if other.kind == "text report"]


@pytest.mark.parametrize(("scenario", "report"), PAIRS, ids=[report.place for _, report in PAIRS])
def test_a_report_is_the_one_that_is_told(scenario: Block, report: Block) -> None:
    """Each report on a page begins what is told of the failing scenario above it; its line may be longer."""
    assert scenario.kind == "yaml failing scenario"
    told = [line for line in report_of(scenario).splitlines() if "expected: one of" not in line]
    source = scenario.text.splitlines()[int(report.text.split(":")[1]) - 1].strip().removeprefix("- ")
    shown = report.text.splitlines()
    assert source in shown[1]
    assert [told[0], *told[3:]][: len(shown) - 2] == [shown[0], *shown[3:]]


def test_proofs_notice(tmp_path: Path) -> None:
    """A scenario that fails, one that passes as failing, and a line that is none are noticed."""
    passing = "scenario: x\npeople: { Ana: +15550101234 }\nsteps:\n  - Ana calls\n  - bot says: Hi.\n"
    for proof, text in (
        (a_scenario, passing + "  - Ana hears: Ho.\n"),
        (a_failing_scenario, passing),
        (lines_of_a_scenario, "- Ana cals\n"),
    ):
        with pytest.raises(AssertionError):
            proof(Block("page.md", 1, "", text), tmp_path)
