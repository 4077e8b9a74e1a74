"""What the documents call exists: commands of tandem, targets of make, paths of the project."""

from __future__ import annotations

import re
from importlib import import_module

from tests.docs.blocks import ROOT, pages

MAKE = re.compile(r"(?:^|`)make (?:-k )?([a-z][a-z-]*)", re.MULTILINE)
TANDEM = re.compile(
    r"(?:^\$ |`)tandem ((?:numbers |sessions |dead-letters |opt-outs )?[a-z]+(?:-[a-z]+)*)\b", re.MULTILINE
)
PATH = re.compile(r"`((?:orchestrator|channels|config|tests|tools|docs)/[\w./-]+)`")


def mentioned(pattern: re.Pattern[str]) -> dict[str, str]:
    """What the pages mention, each with a page that does."""
    found: dict[str, str] = {}
    for page in pages():
        for name in pattern.findall(page.read_text(encoding="utf-8")):
            found.setdefault(name, page.relative_to(ROOT).as_posix())
    return found


def test_every_target_of_make_exists() -> None:
    """Each `make X` of the documents is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    unknown = {name: page for name, page in mentioned(MAKE).items() if name not in targets}
    assert not unknown


def test_every_command_of_tandem_exists() -> None:
    """Each `tandem X` of the documents is a command that tandem has."""
    leaves = import_module("tools.reference.commands").leaves()
    known = {name.removeprefix("tandem ") for name, _ in leaves}
    unknown = {name: page for name, page in mentioned(TANDEM).items() if name not in known}
    assert not unknown


def test_every_path_exists() -> None:
    """Each path of the project that the documents name is there."""
    unknown = {name: page for name, page in mentioned(PATH).items() if not (ROOT / name).exists()}
    assert not unknown
