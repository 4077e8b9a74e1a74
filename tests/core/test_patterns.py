"""Patterns of assistants: the same verdicts as the standard library's, in bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.core import patterns

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\s", "^", "$", r"\b", "(?=a)", "(?!ab)"]
)
REPEATS = st.sampled_from(["", "*", "+", "?", "*?", "{2}", "{1,3}", "{0,2}?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, REPEATS).map(lambda two: f"(?:{two[0]}){two[1]}"),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"({'|'.join(ways)})"),
    )


PATTERNS = st.tuples(st.sampled_from(["", "(?i)"]), st.recursive(ATOMS, _grown, max_leaves=6)).map("".join)


@given(PATTERNS, st.text("abAB1 \n", max_size=7))
@settings(max_examples=400, deadline=None)
def test_the_verdict_is_that_of_the_standard_library(pattern: str, text: str) -> None:
    """Whatever the pattern and the text, `re.fullmatch` says the same."""
    assert patterns.is_usable(pattern)
    assert patterns.matches(pattern, text) == (re.fullmatch(pattern, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+b", "a" * 1600),
        (r"(\d+\s?)+", "1" * 1599 + "x"),
        ("(a|a)*b", "a" * 1600),
        ("a*" * 20 + "b", "a" * 1600),
        ("(a{0,500}){500}b", "a" * 1600),
        ("(((a*)*)*)*b", "a" * 1600),
    ],
)
def test_no_pattern_holds_up_the_house(pattern: str, text: str) -> None:
    """The longest text, and patterns on which the standard library never ends: not even seconds."""
    began = time.perf_counter()
    assert not patterns.matches(pattern, text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "pattern", ["(", "a**", "(a)\\1", "(?>a)b", "a++", "(?<=a)b", "(?i:a)", "(a)?(?(1)b|c)"]
)
def test_what_cannot_be_followed_is_not_usable(pattern: str) -> None:
    """Broken patterns, references back, and groups that give nothing back are told apart."""
    assert not patterns.is_usable(pattern)
