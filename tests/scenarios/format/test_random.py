"""Whatever a file holds, it is read or told: nothing is raised, and mistakes stand in the file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.format.grammar import CHECKS, RULES, SECTIONS, VERBS
from tests.scenarios.format.plays import DESIGN, PEOPLE

WORDS = [
    *SECTIONS,
    *CHECKS,
    *(verb.example for verb in VERBS),
    *(rule.example for rule in RULES),
    "Ana",
    "bot",
    "<a>",
    "expect Ana",
    "none",
    "nothing",
    "5s",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\n  ",
    '"',
    "'",
    "&x ",
    "*x",
    "!t ",
    "|\n",
    "#",
    "\t",
    "\x00",
    "\ufeff",
    "é",
]  # fmt: skip - a heap of words
PIECES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
TREES = st.recursive(
    st.sampled_from([*WORDS[:80], "", "1", "Ana calls"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS[:80]), inner, max_size=3)
    ),
    max_leaves=8,
)


def is_read_or_told(text: str) -> None:
    """Read it; every mistake has words, and a place that is in the text."""
    loaded = parse(text)
    assert bool(loaded.problems) != bool(loaded.plays)
    lines = loaded.source.lines
    for problem in loaded.problems:
        assert problem.message
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
    assert loaded.report.count("play.scenario.yaml:") >= bool(loaded.problems)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(DESIGN.values())), st.integers(0, 1200), st.integers(0, 30), PIECES)
def test_a_damaged_file(text: str, start: int, length: int, piece: str) -> None:
    """A right file of which a part is replaced by a heap of words is read or told."""
    is_read_or_told(text[:start] + piece + text[start + length :])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(SECTIONS)), TREES)
def test_any_tree_in_any_section(section: str, tree: object) -> None:
    """Any tree of words in the place of a section is read or told."""
    sections = {"scenario": "x", "steps": ["Ana calls"], section: tree}
    written = "\n".join(f"{name}: {flow(value)}" for name, value in sections.items())
    is_read_or_told(f"{written}\n" if section == "people" else f"{PEOPLE}\n{written}\n")


def flow(tree: object) -> str:
    """A tree as YAML in one line."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(flow, tree)) + "]"
    escaped = str(tree).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
