"""Markdown tables from rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """Text that stays inside its cell."""
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """A name, as code; nothing for nothing."""
    return f"`{text}`" if text else ""


def codes(names: Iterable[str]) -> str:
    """Several names."""
    return ", ".join(code(name) for name in names)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a head."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell(entry) for entry in line)} |" for line in lines)


def first_sentence(docstring: str | None) -> str:
    """What a docstring says first."""
    text = " ".join((docstring or "").split())
    head, dot, _ = text.partition(". ")
    return head + "." if dot else text
