"""From the tree of a file to sections: every key read, every mistake noted.

Nothing is raised for a mistake: a section that has one is left out of the result, and the loader
refuses the whole. Rules between keys are in `checks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from types import MappingProxyType
from typing import Any

from config.environment import as_variable
from config.hiding import safe_name
from config.kinds import MistakeError, closest
from config.notes import Notes, join
from config.origin import Origin
from config.problems import Place
from config.schema import Key, Named, Section, Variants, keys_of
from config.value_reader import ABSENT, called, is_nothing, read_value
from config.yaml_text import Mapping, Node, Scalar

NAME_SHAPE = r"[A-Za-z](?:[A-Za-z0-9-]|_(?!_|$)){0,63}"  # stands in URLs, and in variables between two __
MERGE = "<<"  # YAML 1.1 merges a mapping here; YAML 1.2 does not, and what a reader sees is what is meant
NAME_EXPECTED = "a letter, then letters, digits, - or single _, at most 64"

Entries = dict[str, tuple[Scalar, Node]]


def read_section(notes: Notes, cls: type, node: Node | None, path: str, parent: Place) -> Any:
    """A section's dataclass; None when something in it is missing or wrong."""
    keys = keys_of(cls)
    entries = _entries(notes, node, path, keys)
    if entries is None:
        return None
    place = parent if node is None or is_nothing(node) else node.place
    notes.places[path] = place
    _unknown(notes, entries, keys, path)
    read = {name: _read(notes, key, entries.get(name), join(path, name), place) for name, key in keys.items()}
    given = {name: value for name, value in read.items() if value is not ABSENT}
    required = {name for name, key in keys.items() if key.required}
    return cls(**given) if required <= given.keys() else None


def _entries(
    notes: Notes, node: Node | None, path: str, expected: Iterable[str], *, quietly: bool = False
) -> Entries | None:
    """The keys of a mapping, the first of each; None when it is no mapping."""
    if node is None or (is_nothing(node) and notes.has_overrides(path)):
        return {}
    if not isinstance(node, Mapping):
        fault = "is empty" if is_nothing(node) else f"is {called(node)}, not a mapping"
        words = ", ".join(expected)
        notes.wrong(node.place, path, MistakeError(fault, f"a mapping with {words}"))
        return None
    entries: Entries = {}
    for key, value in node.entries:
        if key.text not in entries:
            entries[key.text] = (key, value)
        elif not quietly:
            first = entries[key.text][0].place.line
            fault = f"duplicate key, first at line {first}"
            notes.wrong(key.place, join(path, safe_name(key.text)), MistakeError(fault, "each key once"))
    return entries


def _unknown(notes: Notes, entries: Entries, keys: Dict[str, Key], path: str) -> None:
    for name, (key, _) in entries.items():
        if name not in keys:
            before, colon, _ = name.partition(":")
            expected = "a blank after the colon" if colon and before in keys else f"one of {', '.join(keys)}"
            mistake = MistakeError("unknown key", expected, closest(before, keys))
            if name == MERGE:
                mistake = MistakeError(
                    "merging is not supported", "the keys themselves, or an alias for a whole value"
                )
            notes.wrong(key.place, join(path, safe_name(name)), mistake)


def _read(notes: Notes, key: Key, entry: tuple[Scalar, Node] | None, path: str, parent: Place) -> Any:
    """A key's value or section; ABSENT when it has none, or a wrong one."""
    node = entry[1] if entry else None
    if isinstance(key.shape, Section | Named | Variants):
        if node is None and not notes.has_overrides(path):
            return _missing(notes, key, path, parent)
        made = _inner(notes, key.shape, node, path, parent)
        return ABSENT if made is None else made
    if node is None and path not in notes.overrides:
        return _missing(notes, key, path, parent)
    return read_value(notes, key.shape, node, path, parent)


def _missing(notes: Notes, key: Key, path: str, parent: Place) -> Any:
    """Note that a key is not there: a mistake, or its default."""
    shape = key.shape
    if key.required:
        inner = isinstance(shape, Section | Named | Variants)
        expected = f"{key.name}: {'a mapping' if inner else getattr(shape, 'name', '')}. {key.meaning}"
        notes.wrong(parent, path, MistakeError("required key is missing", expected))
    elif key.default is not None:
        notes.origins[path] = Origin(path=path, shown=key.written_default, source="default")
    return ABSENT


def _inner(
    notes: Notes, shape: Section | Named | Variants, node: Node | None, path: str, parent: Place
) -> Any:
    if isinstance(shape, Section):
        return read_section(notes, shape.of, node, path, parent)
    if isinstance(shape, Named):
        return _named(notes, shape, node, path, parent)
    return _variant(notes, shape, node, path, parent)


def _named(notes: Notes, shape: Named, node: Node | None, path: str, parent: Place) -> Any:
    """Every entry of a mapping of free names; None when there is none or one is wrong."""
    entries = _entries(notes, node, path, ["a section for each assistant, by its name"])
    if not entries:
        if entries is not None:
            fault = MistakeError("is empty", "at least one assistant, by its name")
            notes.wrong(node.place if node else parent, path, fault)
        return None
    made: dict[str, Any] = {}
    seen: dict[str, str] = {}
    for name, (key, value) in entries.items():
        _check_name(notes, name, key.place, path, seen)
        made[name] = read_section(notes, shape.of, value, join(path, safe_name(name)), key.place)
    return None if None in made.values() else MappingProxyType(made)


def _check_name(notes: Notes, name: str, place: Place, path: str, seen: dict[str, str]) -> None:
    """An assistant's name must fit into URLs, and its variables must be its own."""
    where = join(path, safe_name(name))
    if not re.fullmatch(NAME_SHAPE, name, re.ASCII):
        notes.wrong(place, where, MistakeError("not a name for an assistant", NAME_EXPECTED))
        return
    other = seen.setdefault(as_variable(name), name)
    if other != name:
        fault = f"differs from {other} only by case or dash, so that their variables would be the same"
        notes.wrong(place, where, MistakeError(fault, "another name"))


def _variant(notes: Notes, shape: Variants, node: Node | None, path: str, parent: Place) -> Any:
    """The section that the tag names; without a right tag its other keys cannot be judged."""
    entries = _entries(notes, node, path, [f"{shape.tag}: {' | '.join(shape.of)}"], quietly=True)
    if entries is None:
        return None
    tag, variable = join(path, shape.tag), notes.overrides.get(join(path, shape.tag))
    found = entries[shape.tag][1] if shape.tag in entries else None
    word = variable.text.strip() if variable else found.text.strip() if isinstance(found, Scalar) else None
    if word is not None and word in shape.of:
        return read_section(notes, shape.of[word], node, path, parent)
    expected = f"one of {', '.join(shape.of)}"
    if found is None and variable is None:
        place = node.place if node else parent
        notes.wrong(place, tag, MistakeError("required key is missing", f"{shape.tag}: {expected}"))
        return None
    mistake = MistakeError("not one of the words it may be", expected, closest(word or "", shape.of))
    notes.wrong(found.place if found else parent, tag, mistake, variable.variable if variable else "")
    return None
