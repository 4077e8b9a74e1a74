"""Tandem's own packages come first, wherever it is started: `config` and `channels` are common names.

`main` is the command `tandem`. Run as a file this is the process in which the pytest plugin's scenarios play, or
with `replay` behind it the one in which a session is played again for the console. Nothing of ours may be imported
before `at_home` has been called.
"""

from __future__ import annotations

import sys
from pathlib import Path


def at_home() -> None:
    """Put the folder of our packages before all others that are searched."""
    home = str(Path(__file__).resolve().parents[1])
    sys.path[:] = [home, *(folder for folder in sys.path if folder != home)]


def main() -> None:
    """The command line."""
    at_home()
    from orchestrator.cli import main as command  # noqa: PLC0415 - it imports `config`, which must be ours by then

    command()


if __name__ == "__main__":
    at_home()
    if sys.argv[1:] == ["replay"]:
        from orchestrator.scenarios.past.alone import main as serve
    else:
        from orchestrator.scenarios.testing.server import main as serve

    serve()
