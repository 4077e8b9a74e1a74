"""Proofs for blocks that are scenarios, parts of one, or tests in Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from orchestrator.scenarios.format import Loaded, parse
from orchestrator.scenarios.stage import run
from orchestrator.scenarios.testing.record import record
from orchestrator.scenarios.testing.report.terminal import trouble_lines
from tests.docs.blocks import Block

NAME = "play.scenario.yaml"


def a_scenario(block: Block, _: Path) -> None:
    """It has no mistakes, and passes."""
    assert report_of(block) == ""


def a_failing_scenario(block: Block, _: Path) -> None:
    """It has a mistake, or fails."""
    assert report_of(block)


def lines_of_a_scenario(block: Block, _: Path) -> None:
    """They are lines, or a comment, that a scenario may hold."""
    steps = "".join(f"  {line}\n" for line in block.text.splitlines())
    loaded = parse(f"scenario: x\npeople: {{ Ana: +15550101234 }}\nsteps:\n  - Ana calls\n{steps}", NAME)
    assert not loaded.problems, loaded.report


def a_test(block: Block, folder: Path) -> None:
    """It is a test that pytest runs, and passes."""
    (folder / "test_it.py").write_text(block.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_it.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def report_of(block: Block) -> str:
    """What is told of the block: its mistakes, or why it fails."""
    loaded = parse(block.text, NAME)
    return loaded.report if loaded.problems else _played(loaded)


def _played(loaded: Loaded) -> str:
    troubles = [record(run(play)).trouble for play in loaded.plays]
    return "\n".join(line for trouble in troubles if trouble for line in trouble_lines(trouble, "UTC"))
