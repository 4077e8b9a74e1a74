"""Writes what `tandem demo` prints into the README, between `<!-- recorded: demo -->` and `<!-- end -->`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"(<!-- recorded: demo -->\n).*?(<!-- end -->)", re.DOTALL)
CLOCK = re.compile(r"^ *\d+\.\d  ")
STATE = re.compile(r" {3,}[a-z_]+$")
LIMIT = 60
"""Seconds that a play may take."""


def play() -> str:
    """One play of the demo without a terminal, as printed. A play that fails raises."""
    command = [str(Path(sys.executable).with_name("tandem")), "demo"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=True
    )
    return done.stdout


def recorded(readme: str) -> str:
    """The recording in the README; empty before the first one."""
    found = BLOCK.search(readme)
    inside = found[0].split("\n", 1)[1] if found else ""
    return inside.partition("```text\n")[2].partition("```")[0]


def said(play_text: str) -> list[str]:
    """What was said and written, line for line, without times and states, which vary with the machine."""
    return [STATE.sub("", CLOCK.sub("", line)).strip() for line in play_text.splitlines()]


def main() -> None:
    """Record one play."""
    text = README.read_text(encoding="utf-8")
    block = f"```text\n{play().strip()}\n```"
    README.write_text(BLOCK.sub(lambda match: f"{match[1]}\n{block}\n\n{match[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
