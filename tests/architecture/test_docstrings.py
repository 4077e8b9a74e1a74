"""Docstrings stand where they say something, and each test says what it proves."""

from __future__ import annotations

import ast

from tests.architecture.sources import PACKAGES, functions_of, name_of, public_members, python_files, tree_of


def test_every_module_says_what_is_in_it() -> None:
    """Every module has a docstring."""
    files = python_files(*PACKAGES, "tests", "tools")
    silent = [name_of(path) for path in files if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert not silent, f"say what is in it, and what is not: {silent}"


def test_core_and_ports_are_documented() -> None:
    """Every public class and function of the core and the ports has a docstring."""
    silent = [
        place
        for path in python_files("orchestrator/core", "orchestrator/ports")
        for place, node in public_members(path)
        if not ast.get_docstring(node)
    ]
    assert not silent, f"say what these mean: {silent}"


def test_every_test_states_its_fact() -> None:
    """Every test function has a docstring."""
    silent = [
        place
        for path in python_files("tests")
        for place, node in functions_of(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not silent, f"state the fact that these prove: {silent}"
