"""Which files hold scenarios, and which of their plays are wanted."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from orchestrator.scenarios.play import Play

ENDINGS: Final = (".scenario.yaml", ".scenario.yml")
_OPERATORS: Final = {"and", "or", "not", "(", ")"}
_PASSED_BY: Final = {"node_modules", "__pycache__", "site-packages", "build", "dist"}

Wanted = Callable[[Play], bool]


class NothingThereError(Exception):
    """A path that does not exist, or an expression that cannot be read; the text tells it."""


def find(paths: Sequence[Path]) -> list[Path]:
    """The files of the paths, each once, in their order; a folder's by name. Raises NothingThereError."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_inside(path)))
        elif path.exists():
            found[path] = None
        else:
            raise NothingThereError(f"{path}: no such file or folder")
    return list(found)


def _inside(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        place = Path(here)
        folders[:] = sorted(name for name in folders if not _is_passed_by(place / name))
        yield from (place / name for name in sorted(files) if name.endswith(ENDINGS))


def _is_passed_by(folder: Path) -> bool:
    """Hidden folders, environments, and what tools make."""
    return folder.name.startswith(".") or folder.name in _PASSED_BY or (folder / "pyvenv.cfg").exists()


def title(play: Play) -> str:
    """The play's name, with the row of its examples."""
    return f"{play.name} [{play.example}]" if play.example else play.name


def wanted(tags: Sequence[str], expression: str) -> Wanted:
    """Whether a play has one of the tags, if there are any, and fits the expression, if there is one."""
    fits = _expression(expression) if expression.strip() else lambda _: True
    known = set(tags)

    def is_wanted(play: Play) -> bool:
        words = f"{title(play)} {Path(play.place.file).name} {' '.join(play.tags)}".lower()
        return (not known or bool(known & set(play.tags))) and fits(words)

    return is_wanted


def _expression(text: str) -> Callable[[str], bool]:
    """Words with `and`, `or`, `not` and parentheses, as pytest's `-k`: a word holds where it is found."""
    words: list[str] = []
    code: list[str] = []
    for is_word, group in groupby(
        re.findall(r"[()]|[^\s()]+", text), key=lambda token: token not in _OPERATORS
    ):
        if is_word:
            code.append(f"_{len(words)}")
            words.append(" ".join(group).lower())
        else:
            code += group
    try:
        tree = ast.parse(" ".join(code), mode="eval").body
    except SyntaxError:
        raise NothingThereError(f"-k {text}: words with and, or, not and parentheses are expected") from None
    return lambda given: _holds(tree, words, given)


def _holds(node: ast.expr, words: Sequence[str], given: str) -> bool:
    if isinstance(node, ast.BoolOp):
        every = all if isinstance(node.op, ast.And) else any
        return every(_holds(value, words, given) for value in node.values)
    if isinstance(node, ast.UnaryOp):
        return not _holds(node.operand, words, given)
    return isinstance(node, ast.Name) and words[int(node.id[1:])] in given
