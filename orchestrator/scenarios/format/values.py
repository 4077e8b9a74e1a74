"""From nodes to values: one function a shape. Every mistake is noted, and its value is WRONG."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from config.kinds import Kind, MistakeError, closest
from config.numbers import read_number
from config.yaml_text import Mapping, Node, Scalar, Sequence
from orchestrator.scenarios.format.grammar import MATCHERS
from orchestrator.scenarios.format.notes import WRONG, Notes, called, inside, is_empty
from orchestrator.scenarios.format.plain import data
from orchestrator.scenarios.format.shapes import (
    Audience,
    Data,
    Fields,
    Flag,
    Free,
    Matching,
    Maybe,
    Nothing,
    Otherwise,
    Person,
    Several,
    Shape,
)
from orchestrator.scenarios.play import Match, Recipients


def read(notes: Notes, shape: Shape, node: Node) -> Any:
    """The value of a node, or WRONG."""
    if isinstance(shape, Kind):
        return _scalar(notes, shape, node)
    reader: Callable[[Notes, Any, Node], Any] = _READERS[type(shape)]
    return reader(notes, shape, node)


def entries(notes: Notes, node: Node, what: str) -> dict[str, tuple[Scalar, Node]] | None:
    """The keys of a mapping, each once; None, and a mistake, when it is none."""
    if not isinstance(node, Mapping):
        notes.wrong(node.place, f"is {called(node)}, not a mapping", what)
        return None
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in node.entries:
        if key.text in found:
            first = found[key.text][0].place.line
            notes.wrong(key.place, f"duplicate key, first at line {first}", "each key once")
        else:
            found[key.text] = (key, value)
    return found


def known(notes: Notes, key: Scalar, words: Iterable[str], what: str = "key") -> bool:
    """Whether a key is one of the words; else a mistake."""
    several = tuple(words)
    if key.text in several:
        return True
    before, colon, _ = key.text.partition(":")
    expected = "a blank after the colon" if colon and before in several else f"one of {', '.join(several)}"
    notes.wrong(key.place, f"unknown {what} `{key.text}`", expected, closest(before, several))
    return False


def _scalar(notes: Notes, kind: Kind[Any], node: Node) -> Any:
    if not isinstance(node, Scalar):
        return notes.wrong(node.place, f"is {called(node)}, not one value", kind.name)
    try:
        return kind.read(node.text)
    except MistakeError as mistake:
        return notes.mistaken(node.place, mistake)


def _nothing(notes: Notes, _: Nothing, node: Node) -> Any:
    if is_empty(node):
        return None
    return notes.wrong(node.place, "nothing may stand here", "the line ends before the colon")


def _maybe(notes: Notes, shape: Maybe, node: Node) -> Any:
    return None if is_empty(node) else read(notes, shape.of, node)


def _matching(notes: Notes, shape: Matching, node: Node) -> Any:
    if isinstance(node, Scalar):
        if is_empty(node):
            return notes.wrong(node.place, "is empty", 'words, "" for none')
        if shape.presence and node.plain and node.text in {"absent", "present"}:
            return Match("absent" if node.text == "absent" else "present")
        return node.text
    return _matcher(notes, node)


def _matcher(notes: Notes, node: Node) -> Any:
    """A mapping of one matcher to what it takes."""
    expected = "words, or one of " + ", ".join(f"{{{name}: ...}}" for name in MATCHERS)
    if isinstance(node, Sequence):
        return notes.wrong(node.place, "is a list, not words", expected)
    found = entries(notes, node, expected)
    if found is None:
        return WRONG
    if len(found) != 1:
        return notes.wrong(node.place, "is more than one matcher" if found else "is empty", expected)
    key, value = next(iter(found.values()))
    return _match(notes, key, value) if known(notes, key, MATCHERS, "matcher") else WRONG


def _match(notes: Notes, key: Scalar, node: Node) -> Any:
    if key.text == "one of":
        several = node.items if isinstance(node, Sequence) else (node,)
        texts = tuple(each.text for each in several if isinstance(each, Scalar) and not is_empty(each))
        if len(texts) < len(several) or not texts:
            return notes.wrong(node.place, "not a list of words", "[yes, no]")
        return Match("one of", values=texts)
    if not isinstance(node, Scalar) or is_empty(node):
        return notes.wrong(node.place, f"is {called(node)}, not words", f"{{{key.text}: words}}")
    if key.text == "matches":
        return _pattern(notes, node)
    return Match(next(name for name in MATCHERS if name == key.text), node.text)


def _pattern(notes: Notes, node: Scalar) -> Any:
    found = re.fullmatch(r"/(.*)/(i?)", node.text.strip(), re.DOTALL)
    if not found:
        meant = f"/{node.text.strip().strip('/')}/"
        return notes.wrong(node.place, "not a pattern", "a regular expression between slashes", meant)
    try:
        re.compile(found[1])
    except (re.error, OverflowError, RecursionError) as error:
        return notes.wrong(node.place, f"not a regular expression: {error}", "one as Python reads them")
    return Match("matches", f"(?{found[2]}){found[1]}" if found[2] else found[1])


def _fields(notes: Notes, shape: Fields, node: Node) -> Any:
    if shape.alone and _stands_alone(shape, node):
        value = read(notes, shape.keys[shape.alone].shape, node)
        return WRONG if value is WRONG else {shape.alone: value}
    found = entries(notes, node, f"a mapping with {', '.join(shape.keys)}")
    if found is None:
        return WRONG
    if not found:
        return notes.wrong(node.place, "is empty", f"at least one of {', '.join(shape.keys)}")
    right = [known(notes, key, shape.keys) for key, _ in found.values()]
    values = {
        name: read(notes, shape.keys[name].shape, value)
        for name, (_, value) in found.items()
        if name in shape.keys
    }
    missing = [name for name, entry in shape.keys.items() if entry.required and name not in found]
    for name in missing:
        notes.wrong(node.place, f"`{name}` is missing", f"{name}: {shape.keys[name].meaning}")
    return WRONG if missing or not all(right) or WRONG in values.values() else values


def _stands_alone(shape: Fields, node: Node) -> bool:
    """Whether this is the value of the key `alone`: a text, or a matcher where that key takes one."""
    if isinstance(node, Mapping) and isinstance(shape.keys[shape.alone].shape, Matching):
        return any(key.text in MATCHERS for key, _ in node.entries)
    return isinstance(node, Scalar) and not is_empty(node)


def _free(notes: Notes, shape: Free, node: Node) -> Any:
    found = entries(notes, node, "names and values")
    if found is None:
        return WRONG
    right = [known(notes, key, shape.names) for key, _ in found.values()] if shape.names else []
    values = {name: read(notes, shape.of, value) for name, (_, value) in found.items()}
    return WRONG if not all(right) or WRONG in values.values() else values


def _data(notes: Notes, shape: Data, node: Node) -> Any:
    return WRONG if entries(notes, node, "names and values") is None else data(node, typed=shape.typed)


def _several(notes: Notes, shape: Several, node: Node) -> Any:
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items:
        return notes.wrong(node.place, "is an empty list", shape.of.name)
    values = tuple(read(notes, shape.of, item) for item in items)
    return WRONG if WRONG in values else values


def _otherwise(notes: Notes, shape: Otherwise, node: Node) -> Any:
    is_word = isinstance(node, Scalar) and node.plain and node.text == shape.word
    return shape.value if is_word else read(notes, shape.of, node)


def _flag(notes: Notes, _: Flag, node: Node) -> Any:
    if is_empty(node) or (isinstance(node, Scalar) and node.text.lower() in {"true", "yes", "on"}):
        return True
    return notes.wrong(node.place, "takes no value", "the key alone")


def _person(notes: Notes, _: Person, node: Node) -> Any:
    if not isinstance(node, Scalar):
        return notes.wrong(node.place, f"is {called(node)}, not one value", "a person, or a phone number")
    return _someone(notes, node, node.text, 0)


def _someone(notes: Notes, scalar: Scalar, name: str, start: int) -> Any:
    if name in notes.people:
        return name
    if name.startswith("+"):
        try:
            return str(read_number(name))
        except MistakeError as mistake:
            return notes.mistaken(inside(scalar, start, len(name)), mistake)
    expected = f"one of {', '.join(notes.people)}, or a phone number"
    place = inside(scalar, start, len(name))
    return notes.wrong(place, f"{name} is not in `people`", expected, closest(name, notes.people))


def _audience(notes: Notes, _: Audience, node: Node) -> Any:
    if not isinstance(node, Scalar):
        return notes.wrong(node.place, f"is {called(node)}, not one value", "anyone but Ana")
    if node.text in {"anyone", "anybody"}:
        return Recipients((), all_but=True)
    but = re.match(r"any(?:one|body) (?:but|except) +", node.text)
    start = but.end() if but else 0
    parts = re.finditer(r"(?:^|, and |,| and )\s*(?P<name>(?:(?!,| and ).)+)", node.text[start:])
    names = [
        _someone(notes, node, part["name"].strip(), start + part.start("name"))
        for part in parts
        if part["name"].strip()
    ]
    if not names:
        return notes.wrong(node.place, "names nobody", "anyone but Ana")
    return WRONG if WRONG in names else Recipients(tuple(names), all_but=but is not None)


_READERS: dict[type, Callable[[Notes, Any, Node], Any]] = {
    Nothing: _nothing,
    Maybe: _maybe,
    Matching: _matching,
    Fields: _fields,
    Free: _free,
    Data: _data,
    Several: _several,
    Otherwise: _otherwise,
    Flag: _flag,
    Person: _person,
    Audience: _audience,
}
