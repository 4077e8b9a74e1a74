"""Every code block of README and docs runs, or is read by the code that it speaks about."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import config
from orchestrator.assistants.items import read_answer
from orchestrator.core.items import Unsupported
from tests.docs.blocks import ROOT, Block, all_blocks, read_blocks
from tests.docs.scenarios import a_failing_scenario, a_scenario, a_test, lines_of_a_scenario
from tests.docs.shapes import a_request, paths

ENVIRONMENT = {
    "TANDEM_API_TOKEN": "token-of-the-documents",
    "TANDEM_HASH_KEY": "key-of-the-documents-0123456789abcdef",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0" * 32,
    "BACKEND_SECRET": "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
}
TIMEOUT = 40
"""Seconds for one command or program."""


def a_configuration(block: Block, _: Path) -> None:
    """It is a `tandem.yaml` without mistakes."""
    config.parse(block.text, name=block.page, environ=ENVIRONMENT)


def json_text(block: Block, _: Path) -> None:
    """It is JSON, one value a line or one in all."""
    try:
        json.loads(block.text)
    except json.JSONDecodeError:
        for line in block.text.splitlines():
            json.loads(line)


def a_turn_request(block: Block, _: Path) -> None:
    """It has the fields of a request that the core makes, no more and no fewer."""
    assert paths(json.loads(block.text)) == paths(a_request())


def a_turn_answer(block: Block, _: Path) -> None:
    """It is an answer of which no item is skipped."""
    items, _context = read_answer(json.loads(block.text))
    skipped = [item for item in items if isinstance(item, Unsupported)]
    assert items
    assert not skipped


def make_commands(block: Block, _: Path) -> None:
    """Each line calls a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in block.text.splitlines():
        program, target = line.split()
        assert program == "make"
        assert target in targets


def a_session_at_the_console(block: Block, folder: Path) -> None:
    """Each `$` line runs and ends well; the lines below it are in what it printed."""
    printed = ""
    for line in block.text.splitlines():
        if not line.startswith("$ "):
            assert line in printed.splitlines(), f"{line!r} was not printed, but:\n{printed}"
            continue
        program, *arguments = shlex.split(line[2:])
        assert program == "tandem", "only tandem is run here"
        command = [str(Path(sys.executable).with_name("tandem")), *arguments]
        done = subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        assert done.returncode == 0, f"{line}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        printed = done.stdout


def a_program(block: Block, folder: Path) -> None:
    """It runs as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def a_drawing(block: Block, _: Path) -> None:
    """It is a state diagram in which each line is a move."""
    first, *moves = block.text.splitlines()
    assert first == "stateDiagram-v2"
    assert all(re.fullmatch(r"    \S+ --> \w+(: .+)?", move) for move in moves)


def words(_: Block, __: Path) -> None:
    """It is for reading only."""


PROOFS: dict[str, Callable[[Block, Path], None]] = {
    "yaml tandem.yaml": a_configuration,
    "json": json_text,
    "json turn-request": a_turn_request,
    "json turn-answer": a_turn_answer,
    "sh": make_commands,
    "console": a_session_at_the_console,
    "console tutorial": words,  # played as one by tests/cli/test_tutorial.py
    "http": words,  # asked one after the other by tests/docs/test_exchanges.py
    "python": a_program,
    "python bot": words,  # examined by tests/cli/test_check_assistant.py
    "mermaid": a_drawing,
    "text": words,
    "text report": words,  # held against the scenario above it by tests/docs/test_scenarios.py
    "yaml scenario": a_scenario,
    "yaml failing scenario": a_failing_scenario,
    "yaml lines": lines_of_a_scenario,
    "yaml play": words,  # a file of tests/scenarios/plays, which pytest plays
    "python pytest": a_test,
}


@pytest.mark.parametrize("block", all_blocks(), ids=lambda block: block.place)
def test_a_block_is_what_it_says(block: Block, tmp_path: Path) -> None:
    """Each block of the documents is of a known kind, and runs or is read without fault, unless marked."""
    assert block.kind in PROOFS, f"{block.place}: {block.kind!r} is none of {', '.join(PROOFS)}"
    if not block.not_run:
        PROOFS[block.kind](block, tmp_path)


def test_blocks_are_found_with_line_kind_and_marker() -> None:
    """The reader gives each block its line, its kind and the reason why it is not run."""
    page = "words\n<!-- not run: asks the world -->\n```console\n$ tandem doctor\n```\n\n```json\n{}\n```\n"
    assert read_blocks(page, "page.md") == [
        Block("page.md", 3, "console", "$ tandem doctor\n", "asks the world"),
        Block("page.md", 7, "json", "{}\n"),
    ]


BROKEN = [
    Block("page.md", 1, "yaml tandem.yaml", "service:\n  publik_url: https://a.example\n"),
    Block("page.md", 1, "json", "{"),
    Block("page.md", 1, "json turn-request", "{}"),
    Block("page.md", 1, "json turn-answer", '{"responses": [{"response_type": "dance"}]}'),
    Block("page.md", 1, "sh", "make coffee\n"),
    Block("page.md", 1, "python", "raise SystemExit(1)\n"),
    Block("page.md", 1, "mermaid", "stateDiagram-v2\n    nowhere\n"),
]


@pytest.mark.parametrize("block", BROKEN, ids=lambda block: block.kind)
def test_a_broken_block_is_noticed(block: Block, tmp_path: Path) -> None:
    """Each proof refuses a block that is not what it says."""
    with pytest.raises((AssertionError, config.ConfigError, json.JSONDecodeError)):
        PROOFS[block.kind](block, tmp_path)
