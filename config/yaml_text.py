"""YAML as text with places: every scalar stays the text that was written, every node knows where it stands.

What the texts mean is the schema's business (`kinds.py`); `+1555...`, `NO`, `off` and `1:30` are just text here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import yaml

from config.problems import Place, Problem, Source

MAX_NODES = 20_000  # an alias of an alias of an alias grows without bound; no real file comes near


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `plain` when it stands without quotes."""

    text: str
    place: Place
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in their order; a key may stand twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


Node = Scalar | Mapping | Sequence


class BadYamlError(Exception):
    """The text is no YAML, or none that we read; carries the mistake."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def compose(text: str) -> Node | None:
    """The tree of a text, None when it is empty. Raises BadYamlError."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        return None if root is None else _Converter().node(root, ())
    except yaml.YAMLError as error:
        raise BadYamlError(_explained(error, text)) from None
    except RecursionError:
        raise _bad(Place(), "nested too deeply") from None


class _Converter:
    """PyYAML's nodes to ours."""

    def __init__(self) -> None:
        self._count = 0

    def node(self, node: yaml.Node, above: tuple[int, ...]) -> Node:
        place = _place(node.start_mark, node.end_mark)
        self._count += 1
        if id(node) in above:
            raise _bad(place, "an alias that holds itself")
        if self._count > MAX_NODES:
            raise _bad(place, "too large: aliases multiply")
        inside = (*above, id(node))
        if isinstance(node, yaml.MappingNode):
            return Mapping(
                tuple((self._key(key), self.node(value, inside)) for key, value in node.value), place
            )
        if isinstance(node, yaml.SequenceNode):
            return Sequence(tuple(self.node(item, inside) for item in node.value), place)
        return _scalar(node, place)

    def _key(self, node: yaml.Node) -> Scalar:
        place = _place(node.start_mark, node.end_mark)
        if not isinstance(node, yaml.ScalarNode):
            raise _bad(place, "a key must be a word, not a list or a mapping")
        return replace(_scalar(node, place), plain=True)


def _scalar(node: yaml.Node, place: Place) -> Scalar:
    """A text. What begins with ! is YAML's tag, which would be lost from the text in silence."""
    if node.tag != yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG:
        problem = Problem(
            place=place,
            path="",
            message="cannot be read: a tag",
            expected="quotes around a value that begins with !",
        )
        raise BadYamlError(problem)
    return Scalar(str(node.value), place, plain=getattr(node, "style", None) is None)


def whole(source: Source) -> Place:
    """The place of a whole text."""
    return Place(1, 1, len(source.lines), len(source.lines[-1]) + 1)


def _place(start: yaml.Mark, end: yaml.Mark) -> Place:
    return Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _bad(place: Place, message: str) -> BadYamlError:
    return BadYamlError(Problem(place=place, path="", message=f"cannot be read: {message}"))


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_OPENED = ("while parsing a flow", "while scanning a quoted")  # told at the opening bracket or quote
_MARKED = "but got '?'"  # PyYAML ends words at a question mark within brackets, where YAML 1.2 would not
_REMEDIES = {
    _MARKED: "quotes around words with a question mark",
    "'\\t' that cannot start": "blanks in place of the tab",
    "cannot start any token": "quotes around a value that begins with one of @ ` %",
    "undefined alias": "quotes around a value that begins with *",
    "mapping values are not allowed": 'the keys of one mapping in the same column; quotes around a value with ": "',
    "could not find expected ':'": "`key: value`, with the colon and a blank",
    "expected ',' or ']'": "a closing ]",
    "expected ',' or '}'": "a closing }",
    "end of stream": "a closing quote",
    "<block end>": "the keys of one mapping in the same column",
    "expected a single document": "one document, without ---",
    "special characters": "text without control characters",
}


def _explained(error: yaml.YAMLError, text: str) -> Problem:
    """A mistake from PyYAML's, without what it quotes from the file."""
    if isinstance(error, yaml.reader.ReaderError):
        before = Source("", text[: error.position]).lines
        place = Place(len(before), len(before[-1]) + 1, len(before), len(before[-1]) + 1)
        reason = "special characters are not allowed"
    else:
        context = str(getattr(error, "context", None) or "")
        marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
        reason = str(getattr(error, "problem", None) or context or "cannot be read")
        is_opening = context.startswith(_OPENED) and _MARKED not in reason
        mark = marks[1] if is_opening and marks[1] else marks[0] or marks[1]
        place = _place(mark, mark) if mark else Place()
    message = _QUOTED.sub(_unquoted, reason).replace("  ", " ").strip()
    expected = next((remedy for sign, remedy in _REMEDIES.items() if sign in reason), "")
    return Problem(place=place, path="", message=f"not YAML: {message}", expected=expected)


def _unquoted(found: re.Match[str]) -> str:
    """A sign or a token's name stays; what may be a word of the file, such as an alias, goes."""
    return found[0] if len(found[0]) <= 3 or re.fullmatch(r"'<[a-z ]+>'", found[0]) else ""
