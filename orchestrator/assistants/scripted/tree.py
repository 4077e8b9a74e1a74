"""YAML with positions: every scalar stays text, every node knows where it was written.

Duplicate keys are mistakes. Aliases are followed, within bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from orchestrator.assistants.scripted.model import Spot
from orchestrator.assistants.scripted.problems import Problem, ScriptError, did_you_mean

MAX_NODES = 100_000
"""Nodes of a script with its aliases followed, so that a few lines cannot fill the memory."""
MAX_DEPTH = 40
"""Nesting of a script."""


@dataclass(slots=True)
class Page:
    """The file being read, and the mistakes found so far."""

    path: str
    lines: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def problem(self, spot: Spot, message: str, *, warning: bool = False) -> None:
        """Note a mistake."""
        source = self.lines[spot.line - 1] if spot.line <= len(self.lines) else ""
        self.problems.append(Problem(self.path, spot.line, spot.column, message, source, warning))


@dataclass(slots=True)
class Node:
    """A scalar (`text`, None for nothing), a list, or an object whose `keys` know their places."""

    spot: Spot
    text: str | None = None
    entries: list[Node] | None = None
    fields: dict[str, Node] | None = None
    keys: dict[str, Spot] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if self.fields is not None:
            return "fields"
        return "a list" if self.entries is not None else "text"

    def get(self, key: str) -> Node | None:
        """The field of that name."""
        return (self.fields or {}).get(key)

    def data(self) -> Any:
        """The plain data in it."""
        if self.fields is not None:
            return {key: node.data() for key, node in self.fields.items()}
        if self.entries is not None:
            return [node.data() for node in self.entries]
        return self.text


def read_tree(source: str, path: str) -> tuple[Page, Node]:
    """The root of a document; ScriptError if it is no YAML, or empty."""
    page = Page(path, tuple(source.splitlines()))
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
        if root is None:
            page.problem(Spot(1, 1), "the file is empty")
            raise ScriptError(page.problems)
        return page, _node(root, page, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        page.problem(
            _spot(mark) if mark else Spot(1, 1),
            f"not YAML: {error.problem} (a text with : ? # , or braces may need quotes)",
        )
    except yaml.YAMLError:
        page.problem(Spot(1, 1), "not YAML: a character that is not allowed")
    except RecursionError:
        page.problem(Spot(1, 1), f"nested deeper than {MAX_DEPTH}")
    raise ScriptError(page.problems)


def known_keys(page: Page, node: Node, known: tuple[str, ...], where: str) -> None:
    """Note every field that is not known."""
    for key, spot in node.keys.items():
        if key not in known:
            page.problem(
                spot, f"{where} has no `{key}`{did_you_mean(key, known) or '; it has ' + ', '.join(known)}"
            )


def _node(raw: yaml.Node, page: Page, depth: int) -> Node:
    spot = _spot(raw.start_mark)
    page.nodes += 1
    if depth > MAX_DEPTH or page.nodes > MAX_NODES:
        page.problem(spot, f"nested deeper than {MAX_DEPTH}" if depth > MAX_DEPTH else "too much text")
        raise ScriptError(page.problems)
    if isinstance(raw, yaml.SequenceNode):
        return Node(spot, entries=[_node(entry, page, depth + 1) for entry in raw.value])
    if isinstance(raw, yaml.MappingNode):
        return _mapping(raw, page, depth)
    plain = getattr(raw, "style", None) is None  # only scalars have a style of quotes
    nothing = plain and raw.value in {"", "~", "null"}
    return Node(spot, text=None if nothing else raw.value)


def _mapping(raw: yaml.MappingNode, page: Page, depth: int) -> Node:
    node = Node(_spot(raw.start_mark), fields={})
    for key, value in raw.value:
        spot = _spot(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            page.problem(spot, "a key must be text")
            continue
        if key.value in node.keys:
            page.problem(spot, f"`{key.value}` stands here twice")
        node.keys[key.value] = spot
        assert node.fields is not None  # noqa: S101 - set three lines above; tells the type checker
        node.fields[key.value] = _node(value, page, depth + 1)
    return node


def _spot(mark: Any) -> Spot:
    return Spot(mark.line + 1, mark.column + 1)
