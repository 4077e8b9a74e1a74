"""Damages the store's scripts one by one, and says which damage no test notices.

    python -m tools.mutate_scripts [--workers N] [NAME ...]

Each mutant of tests/reliability/mutants.py meets the contract tests of the store on the fake, and, if
those pass, the fast subset of the crash matrix. Exit code 1 if one survives.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.reliability.mutants import BY_NAME, MUTANTS

LONGEST = 600.0
"""Seconds for one run; a damage that makes the tests hang is noticed as well."""
CONTRACTS = ("tests/store", "-k", "not real", "-p", "tests.reliability.damage")
MATRIX = ("tests/reliability/test_mutants.py", "-k", "named_mutant", "--timeout", str(int(LONGEST)))
FAILED_TESTS = 1
"""pytest's exit code where tests ran and some failed: any other one is no verdict."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants, print a line for each and the score."""
    parser = argparse.ArgumentParser(description="Damage the store's scripts, and see who notices.")
    parser.add_argument("names", nargs="*", help="mutants to try; all if none is named")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.names if name not in BY_NAME]:
        parser.error(f"no such mutant: {', '.join(unknown)}")
    names = chosen.names or [mutant.name for mutant in MUTANTS]
    began = time.monotonic()
    with ThreadPoolExecutor(chosen.workers) as pool:
        verdicts = list(pool.map(_shown, names))
    caught = sum(verdict != "" for verdict in verdicts)
    print(f"{caught} of {len(names)} mutants caught in {time.monotonic() - began:.0f} s")
    return 0 if caught == len(names) else 1


def _shown(name: str) -> str:
    verdict = judge(name)
    print(f"{verdict or 'SURVIVED':9} {name}", flush=True)
    return verdict


def judge(name: str) -> str:
    """Who noticed the mutant: `contract`, `matrix`, or an empty word."""
    for who, tests in (("contract", CONTRACTS), ("matrix", MATRIX)):
        if _fails(name, tests):
            return who
    return ""


def _fails(name: str, tests: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "TANDEM_MUTANT": name}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own tests
            command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in {0, FAILED_TESTS}:
        raise SystemExit(f"pytest could not judge {name!r}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == FAILED_TESTS


if __name__ == "__main__":
    sys.exit(main())
