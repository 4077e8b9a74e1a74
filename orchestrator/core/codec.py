"""Frozen dataclasses to plain JSON values and back, for what is stored.

Stored without defaults, loaded tolerantly: an unknown field is dropped and a missing one takes its
default, so that two releases can read each other's documents. A dataclass is written as an object
whose `_` names its class; a `dict` field is data of others and stays as it is.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

TAG = "_"
_Load = Callable[[Any], Any]


class UnreadableError(ValueError):
    """A stored value names a class that this release does not know."""


def dump(value: Any) -> Any:
    """The JSON value of a dataclass, tuple, mapping or scalar."""
    if is_dataclass(value) and not isinstance(value, type):
        return _dump_fields(value)
    if isinstance(value, tuple | list):
        return [dump(entry) for entry in value]
    return value


def load(kind: Any, data: Any) -> Any:
    """The value of type `kind` (a dataclass or a union of them) that `dump` wrote."""
    return _loader(kind)(data)


def _dump_fields(value: Any) -> dict[str, Any]:
    stored = {TAG: type(value).__name__}
    for entry in fields(value):
        content = getattr(value, entry.name)
        if content != _default(entry):
            stored[entry.name] = dump(content)
    return stored


def _default(entry: Field[Any]) -> Any:
    if entry.default_factory is not MISSING:
        return entry.default_factory()
    return entry.default


@cache
def _loader(kind: Any) -> _Load:
    if is_dataclass(kind):
        return _tagged((kind,))
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind))
    if origin is tuple:
        entry = _loader(get_args(kind)[0])
        return lambda data: tuple(entry(item) for item in data)
    return lambda data: data


def _union(options: tuple[Any, ...]) -> _Load:
    classes = tuple(option for option in options if is_dataclass(option))
    return _tagged(classes) if classes else lambda data: data


def _tagged(classes: tuple[Any, ...]) -> _Load:
    by_name = {kind.__name__: kind for kind in classes}

    def read(data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        kind = by_name.get(data.get(TAG, ""))
        if kind is None:
            raise UnreadableError(f"no {'/'.join(by_name)} is called {data.get(TAG)!r}")
        return _build(kind, data)

    return read


def _build(kind: Any, data: Mapping[str, Any]) -> Any:
    loaders = _field_loaders(kind)
    return kind(**{name: loaders[name](content) for name, content in data.items() if name in loaders})


@cache
def _field_loaders(kind: Any) -> dict[str, _Load]:
    hints = get_type_hints(kind)
    return {entry.name: _loader(hints[entry.name]) for entry in fields(kind)}
