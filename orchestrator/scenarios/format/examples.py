"""`examples`: a table of values, put in for `<names>` wherever they stand in the scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import replace
from typing import TypeVar

from config.kinds import closest
from config.yaml_text import Node, Scalar, Sequence
from orchestrator.core.ssml import MARKS
from orchestrator.scenarios.format.notes import Notes, called, inside
from orchestrator.scenarios.format.values import entries

T = TypeVar("T", bound=Node)
_NAME = re.compile(r"<([^<>\n]+)>")
_WORDS = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")
_TAGS = frozenset(MARKS) | {
    "a",
    "b",
    "br",
    "div",
    "em",
    "hr",
    "i",
    "li",
    "ol",
    "span",
    "speak",
    "strong",
    "u",
    "ul",
}
"""Tags that assistants write: of speech markup, and of HTML."""


def rows(notes: Notes, node: Node) -> list[dict[str, str]]:
    """The rows of the table, each with all its names."""
    items = node.items if isinstance(node, Sequence) else ()
    if not items:
        notes.wrong(node.place, f"is {called(node)}", "a list of mappings: [{city: Rome}, {city: Oslo}]")
    found = [row for item in items if (row := _row(notes, item)) is not None]
    for item, row in zip(items, found, strict=False):
        lacking = [name for name in found[0] if name not in row]
        if lacking:
            notes.wrong(item.place, f"`{lacking[0]}` is missing", "each row with the names of the first")
    return found


def label(row: Dict[str, str], table: list[dict[str, str]]) -> str:
    """What tells a row from the others: the values of the names that differ, or all."""
    differing = [name for name in row if any(other.get(name) != row[name] for other in table)]
    return ", ".join(f"{name}={' '.join(row[name].split())}" for name in differing or row)


def filled(node: T, row: Dict[str, str]) -> T:
    """The tree with the row's values put in; places stay those of the file."""
    if isinstance(node, Scalar):
        return replace(node, text=_NAME.sub(lambda name: row.get(name[1].strip(), name[0]), node.text))
    if isinstance(node, Sequence):
        return replace(node, items=tuple(filled(item, row) for item in node.items))
    pairs = tuple((filled(key, row), filled(value, row)) for key, value in node.entries)
    return replace(node, entries=pairs)


def misspelt(notes: Notes, node: Node, row: Dict[str, str]) -> None:
    """Note every `<name>` that is none of the table's: one that nearly is, and one that looks like a name at all."""
    for scalar in _scalars(node):
        for found in _NAME.finditer(scalar.text):
            name = found[1].strip()
            near = closest(name, row)
            if name in row or not (near or _is_name(name, scalar.text)):
                continue
            expected = f"one of {', '.join(f'<{each}>' for each in row)}; or a column that holds this text"
            place = inside(scalar, found.start(), len(found[0]))
            notes.wrong(place, f'no example column "{name}"', expected, near)


def _is_name(name: str, text: str) -> bool:
    """Whether it can only be meant as a name: words, and no tag of markup."""
    return bool(_WORDS.fullmatch(name)) and name.lower() not in _TAGS and f"</{name}>" not in text


def _row(notes: Notes, node: Node) -> dict[str, str] | None:
    found = entries(notes, node, "names and values: {city: Rome}")
    if found is None:
        return None
    wrong = [value for _, value in found.values() if not isinstance(value, Scalar)]
    for value in wrong:
        notes.wrong(value.place, f"is {called(value)}, not one value", "one value for each name")
    return {name: value.text for name, (_, value) in found.items() if isinstance(value, Scalar)}


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for key, value in node.entries:
            yield key
            yield from _scalars(value)
