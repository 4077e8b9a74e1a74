"""From nodes and variables to values: scalars, lists and maps, each with its origin."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from config.environment import Override
from config.hiding import safe_name
from config.kinds import Kind, ListOf, MapOf, MistakeError, Shape
from config.notes import Notes, join
from config.origin import Origin
from config.problems import Place
from config.substitute import expand
from config.yaml_text import BadYamlError, Mapping, Node, Scalar, Sequence, compose

ABSENT: Final[Any] = object()  # nothing was given, or nothing right
_NULLS: Final = ("null", "Null", "NULL", "~")


def read_value(notes: Notes, shape: Shape, node: Node | None, path: str, parent: Place) -> Any:
    """The value at a path, from its variable or else its node; ABSENT when it is wrong."""
    by = notes.overrides.get(path)
    place = node.place if node else parent
    notes.places[path] = place
    value = _Value(notes, path, by).read(shape, _from_variable(by, shape, place) if by else node)
    if value is not ABSENT:
        notes.values[path] = value
    return value


def called(node: Node | None) -> str:
    """What a node is, for people."""
    return "a mapping" if isinstance(node, Mapping) else "a list" if isinstance(node, Sequence) else "a text"


def is_nothing(node: Node | None) -> bool:
    """Whether nothing stands behind a key's colon."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", *_NULLS)


def _from_variable(by: Override, shape: Shape, place: Place) -> Node | None:
    """A variable's text as a node at the place of what it overrides."""
    text = by.text.strip()
    if isinstance(shape, Kind):
        return Scalar(by.text, place)
    if text.startswith(("[", "{")):
        try:
            return _placed(compose(text), place)
        except BadYamlError:
            return Scalar(text, place)
    if isinstance(shape, ListOf):
        return Sequence(tuple(Scalar(part.strip(), place) for part in text.split(",") if part.strip()), place)
    return Scalar(text, place)


def _placed(node: Node | None, place: Place) -> Node | None:
    """A tree all of which stands at one place."""
    if isinstance(node, Scalar):
        return replace(node, place=place, plain=False)
    if isinstance(node, Sequence):
        return Sequence(tuple(each for item in node.items if (each := _placed(item, place))), place)
    if isinstance(node, Mapping):
        pairs = ((replace(key, place=place), _placed(value, place)) for key, value in node.entries)
        return Mapping(tuple((key, value) for key, value in pairs if value), place)
    return None


class _Value:
    """One value being read."""

    def __init__(self, notes: Notes, path: str, by: Override | None) -> None:
        self._notes, self._path, self._by = notes, path, by
        self._through: list[str] = []
        self._is_wrong = False

    def read(self, shape: Shape, node: Node | None) -> Any:
        value = self._shaped(shape, node)
        if self._is_wrong:
            return ABSENT
        self._notes.origins[self._path] = self._origin(shape.show(value))
        return value

    def _shaped(self, shape: Shape, node: Node | None) -> Any:
        if isinstance(shape, ListOf):
            return self._list(shape, node)
        if isinstance(shape, MapOf):
            return self._map(shape, node)
        return self._scalar(shape, node, self._path)

    def _list(self, shape: ListOf[Any], node: Node | None) -> Any:
        if shape.or_one and isinstance(node, Scalar):
            return (self._scalar(shape.item, node, self._path),)
        if not isinstance(node, Sequence):
            return self._fail(node, MistakeError(f"{_fault(node)}, not a list", f"[...], a {shape.name}"))
        if len(node.items) < shape.least:
            return self._fail(node, MistakeError("is an empty list", f"at least one {shape.item.name}"))
        return tuple(
            self._scalar(shape.item, each, f"{self._path}[{n}]") for n, each in enumerate(node.items)
        )

    def _map(self, shape: MapOf[Any], node: Node | None) -> Any:
        if not isinstance(node, Mapping):
            return self._fail(node, MistakeError(f"{_fault(node)}, not a mapping", shape.name))
        values: dict[str, Any] = {}
        for key, value in node.entries:
            path = join(self._path, safe_name(key.text))
            if key.text in values:
                self._fail(key, MistakeError("duplicate key", "each key once"), path)
            values[key.text] = self._scalar(shape.item, value, path)
            try:
                shape.check_name(key.text)
            except MistakeError as mistake:
                self._fail(key, mistake, path)
        return MappingProxyType(values)

    def _scalar(self, kind: Kind[Any], node: Node | None, path: str) -> Any:
        if not isinstance(node, Scalar):
            return self._fail(node, MistakeError(f"is {called(node)}, not one value", kind.name), path)
        self._notes.places[path] = node.place
        try:
            _refuse_null(kind, node)
            text = node.text if self._by else self._expanded(node.text)
            value = kind.read(text)
            return self._file(value) if kind.is_path and value else value
        except MistakeError as mistake:
            return self._fail(node, mistake, path)

    def _expanded(self, text: str) -> str:
        expanded, through = expand(text, self._notes.environ, self._notes.folder)
        self._through += through
        return expanded

    def _file(self, name: str) -> str:
        """A file's full path; it must be there."""
        path = self._notes.folder / name
        try:
            if path.is_file():
                return str(path.resolve())
        except (OSError, ValueError):
            pass  # a name that no file can have
        raise MistakeError("no such file", "a file, relative to the configuration's folder")

    def _fail(self, node: Node | None, mistake: MistakeError, path: str = "") -> Any:
        self._is_wrong = True
        place = node.place if node else self._notes.places[self._path]
        self._notes.wrong(place, path or self._path, mistake, self._by.variable if self._by else "")
        return ABSENT

    def _origin(self, shown: str) -> Origin:
        if self._by:
            return Origin(path=self._path, shown=shown, source="environment", where=self._by.variable)
        where = f"{self._notes.source.name}:{self._notes.places[self._path].line}"
        return Origin(
            path=self._path,
            shown=shown,
            source="file",
            where=where,
            through=tuple(dict.fromkeys(self._through)),
        )


def _refuse_null(kind: Kind[Any], node: Scalar) -> None:
    """Text is text, but nobody who writes `null` wants the word said to a customer."""
    if node.plain and node.text in _NULLS:
        expected = f'{kind.name}; "" for an empty text, or leave the key out'
        raise MistakeError("null is no value", expected)


def _fault(node: Node | None) -> str:
    return (
        "is empty" if node is None or (isinstance(node, Scalar) and not node.text) else f"is {called(node)}"
    )
