"""Damages the rules of the house one by one, and says which damage no scenario notices.

    python -m tools.mutate_rules [--workers N] [--least PERCENT] [WORD ...]

The damages are those of tests/scenarios/mutants/damages.py; the scenarios are the project's own. Each meets the
scenarios that come by what it damages. Exit code 1 if fewer than `--least` percent are noticed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.scenarios.mutants.damages import HARMLESS
from tests.scenarios.mutants.hunt import Verdict, hunt

LEAST = 90.0
"""Percent of the damages that scenarios must notice."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants, print a line for each that is not noticed and the score."""
    parser = argparse.ArgumentParser(description="Damage the rules, and see which scenarios notice.")
    parser.add_argument("words", nargs="*", help="mutants whose names hold one of these; all without any")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--least", type=float, default=LEAST)
    parser.add_argument("--all", action="store_true", help="print those that are noticed, too")
    chosen = parser.parse_args(arguments)
    began, verdicts = time.monotonic(), []
    for verdict in hunt(chosen.workers, chosen.words):
        verdicts.append(verdict)
        _print(verdict, all_of_them=chosen.all)
    caught = sum(bool(verdict.play) for verdict in verdicts)
    percent = 100 * caught / max(1, len(verdicts))
    seconds = time.monotonic() - began
    print(f"{caught} of {len(verdicts)} mutants caught ({percent:.1f} %) in {seconds:.0f} s")
    print(f"left out: {len(HARMLESS)} that nobody could see")
    return 0 if percent >= chosen.least else 1


def _print(verdict: Verdict, *, all_of_them: bool) -> None:
    if verdict.play and all_of_them:
        print(f"caught    {verdict.mutant}\n          by {verdict.play}: {verdict.reason}", flush=True)
    elif not verdict.play:
        print(f"SURVIVED  {verdict.mutant} ({verdict.met} scenarios met it)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
