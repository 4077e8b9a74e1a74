"""The timeline's words are a closed list."""

from __future__ import annotations

import ast
from typing import get_args

from orchestrator.core.notes import NoteKind
from tests.architecture.sources import python_files, tree_of


def noted() -> set[str]:
    """Every type of line that the code puts on a timeline."""
    calls = [
        node
        for path in python_files("orchestrator/core", "orchestrator/runner")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
    ]
    kinds = [call.args[0] for call in calls if getattr(call.func, "attr", "") == "note" and call.args]
    kinds += [
        word.value
        for call in calls
        if getattr(call.func, "id", "") == "Note"
        for word in call.keywords
        if word.arg == "type"
    ]
    words = [each.value for kind in kinds for each in ast.walk(kind) if isinstance(each, ast.Constant)]
    return {word for word in words if isinstance(word, str)}


def test_the_list_is_what_the_code_puts_on_timelines() -> None:
    """Every kind of line that the code puts on a timeline is in `NoteKind`, and nothing else."""
    assert noted() == set(get_args(NoteKind))
