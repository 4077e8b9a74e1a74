"""The tutorial runs by its own words: its console blocks are played as one, in three terminals."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.cli.terminals import TANDEM, Terminal, environment, in_background, lanes_of, run, shell
from tests.docs.blocks import ROOT, read_blocks
from tests.servers import free_port

PROMPTS = {"speak>": "call", "text>": "text"}
"""Which terminal a line is typed into."""


class Tutorial:
    """The reader: types what stands behind `$` and the prompts, and looks for every other line."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._port = free_port()
        self._env: Mapping[str, str] = environment(self._port)
        self._home = folder
        self._folder = folder
        self._stack = stack
        self._shown: Terminal | str = ""
        self.terminals: dict[str, Terminal] = {}

    def play(self, block: str) -> None:
        """One block, begun where a new terminal begins: in the folder above the project."""
        if block.startswith("$ cd "):
            self._folder = self._home
        for line in block.splitlines():
            prompt, _, rest = line.partition(" ")
            if prompt == "$":
                self._command(rest)
            elif prompt in PROMPTS:
                self._shown = self.terminals[PROMPTS[prompt]]
                self._shown.types(rest.strip())
            else:
                self._look_for(line)

    def _command(self, command: str) -> None:
        words = shlex.split(command)
        if words[0] == "cd":
            self._folder /= words[1]
        elif words == ["tandem", "serve"]:
            serve = [TANDEM, "serve", "--port", str(self._port)]
            where = f"http://127.0.0.1:{self._port}/livez"
            self._stack.enter_context(in_background(serve, self._folder, self._env, where))
        elif words in (["tandem", "call"], ["tandem", "text"]):
            self._shown = Terminal(words[1], folder=self._folder, env=self._env)
            self.terminals[words[1]] = self._shown
        elif words[0] == "tandem":
            self._shown = run(*words[1:], folder=self._folder, env=self._env).stdout
        else:
            self._shown = shell(command, folder=self._folder, env=self._env)

    def _look_for(self, words: str) -> None:
        if isinstance(self._shown, Terminal):
            self._shown.shows(words)
        else:
            assert words in self._shown + lanes_of(self._shown)


def test_the_tutorial_runs(tmp_path: Path) -> None:
    """Whoever types what the tutorial says sees what it shows, from a project's making to the last text."""
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = [
        block.text for block in read_blocks(page, "docs/tutorial.md") if block.kind == "console tutorial"
    ]
    with ExitStack() as stack:
        tutorial = Tutorial(tmp_path, stack)
        for block in blocks:
            tutorial.play(block)
        assert [terminal.ends() for terminal in tutorial.terminals.values()] == [0, 0]
    assert len(blocks) == 6
