"""The project's files as the architecture tests read them: paths, lines and syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("orchestrator", "channels", "config")
PAPERS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "Makefile",
    "Dockerfile",
    "compose.yaml",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


def python_files(*folders: str) -> list[Path]:
    """Every Python file in `folders` of the project, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def text_files() -> list[Path]:
    """Every file that people read or that is installed: code, package data, documents, commands."""
    folders = (*PACKAGES, "tests", "tools", "docs", ".ci")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    kept = [path for path in found if "__pycache__" not in path.parts and path.suffix not in {".png", ".pyc"}]
    return sorted(kept + [ROOT / name for name in (*PAPERS, "pyproject.toml", "constraints.txt")])


def name_of(path: Path) -> str:
    """The path as people write it, from the project's folder."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_of(path: Path) -> Iterator[tuple[str, Function]]:
    """Every function and method of a file, as `file:line name` and its tree."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield f"{name_of(path)}:{node.lineno} {node.name}", node


def length_of(node: Function) -> int:
    """Lines of a function, its decorators and docstring left out."""
    first = node.body[0]
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        first = node.body[1]
    return (node.end_lineno or node.lineno) - first.lineno + 2


def public_members(path: Path) -> Iterator[tuple[str, Documented]]:
    """Public classes and functions of a module, and the public methods of its Protocols."""
    for node in tree_of(path).body:
        if not isinstance(node, Documented) or node.name.startswith("_"):
            continue
        yield f"{name_of(path)}:{node.lineno} {node.name}", node
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases):
            for member in node.body:
                if isinstance(member, Function) and not member.name.startswith("_"):
                    yield f"{name_of(path)}:{member.lineno} {node.name}.{member.name}", member
