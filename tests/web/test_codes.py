"""The codes of refusals: each that the source gives is in the table, with its status, and none besides."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from orchestrator import desk
from orchestrator.web import api, streams
from orchestrator.web.api.problems import CODES, Problem

GIVERS = {"Problem": 1, "not_found": 1, "Forbidden": 0, "forbidden": 0}
"""Where the code stands among the arguments of what makes a refusal."""
DEFAULTS = {"not_found", "invalid"}
"""Codes of `not_found` and `wrong_fields` where none is given."""
OF_THE_DESK = {
    "session_open",
    "opted_out",
    "no_messaging",
    "no_number",
    "call_hours",
    "thread_busy",
    "already_asked",
}
"""Codes that the desk takes from the policy (`why_not_send` and its kin) or a variable."""


def given() -> dict[str, int]:
    """Each code written in the source, with its status where it stands beside it, else 0."""
    files = [*Path(api.__file__).parent.glob("*.py"), Path(streams.__file__), Path(desk.__file__)]
    found: dict[str, int] = {}
    for file in files:
        for call in calls(file):
            for code, status in codes(call):
                found[code] = max(status, found.get(code, 0))
    return found


def calls(file: Path) -> Iterator[ast.Call]:
    """The calls of a file by plain names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def codes(call: ast.Call) -> Iterator[tuple[str, int]]:
    """The codes that a call gives, and their status."""
    assert isinstance(call.func, ast.Name)
    place = GIVERS.get(call.func.id)
    named = [word.value for word in call.keywords if word.arg == "code"]
    where = [*named, *([call.args[place]] if place is not None and len(call.args) > place else [])]
    first = call.args[0] if call.args else None
    status = first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else 0
    for part in where:
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, status


def test_every_code_is_in_the_table_and_no_other() -> None:
    """What programs may rely on is listed whole."""
    assert set(given()) | DEFAULTS | OF_THE_DESK == set(CODES)


def test_a_code_has_the_status_of_the_table() -> None:
    """Where a status stands beside a code, it is the table's."""
    wrong = {code: status for code, status in given().items() if status and CODES[code][0] != status}
    assert not wrong


def test_a_problem_can_be_made_of_each() -> None:
    """Each has a status that HTTP knows."""
    for code, (status, _) in CODES.items():
        assert Problem(status, code, "x").body["title"]
