"""How a dataclass tells what a mapping of the file may hold: one `key` or section a field.

The dataclasses are the field table: reader, JSON Schema, samples and reference all come from them.
Defaults are written as in the file and read by the field's own kind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from config.kinds import Kind, ListOf, MapOf, Shape

_MARK: Final = "tandem.key"


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping whose keys are the fields of a dataclass."""

    of: type


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping of free names (of assistants) to sections."""

    of: type


@dataclass(frozen=True, slots=True)
class Variants:
    """A mapping whose `tag` key says which dataclass it is."""

    tag: str
    of: Mapping[str, type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a mapping. `default` is as written, None when the key is required."""

    name: str
    shape: Shape | Section | Named | Variants
    meaning: str
    default: str | None
    required: bool

    @property
    def written_default(self) -> str:
        """The default as a file would hold it, empty when there is none."""
        if self.default is None or isinstance(self.shape, Section | Named | Variants):
            return ""
        if isinstance(self.shape, Kind):
            return self.shape.written(self.shape.read(self.default))
        return "[]" if isinstance(self.shape, ListOf) else "{}"


def key(shape: Shape, default: str | None = None, *, meaning: str) -> Any:
    """A field that is a value; without a default it is required."""
    made: Any = dataclasses.MISSING
    if default is not None and isinstance(shape, Kind):
        made = shape.read(default)
    metadata = {_MARK: (shape, meaning, default, default is None)}
    if default is not None and not isinstance(shape, Kind):
        return dataclasses.field(default_factory=lambda: empty(shape), metadata=metadata)
    return dataclasses.field(default=made, metadata=metadata)


def section(shape: Section | Named | Variants, *, meaning: str, required: bool = True) -> Any:
    """A field that is a mapping; None when it may be left out and is."""
    default: Any = dataclasses.MISSING if required else None
    return dataclasses.field(default=default, metadata={_MARK: (shape, meaning, None, required)})


def empty(shape: ListOf[Any] | MapOf[Any]) -> Any:
    """The list or mapping without entries."""
    return () if isinstance(shape, ListOf) else MappingProxyType({})


def keys_of(cls: type) -> dict[str, Key]:
    """The keys of a section in reading order: its own, then those that it shares with its kin."""
    own = cls.__annotations__
    found: dict[str, Key] = {}
    for each in sorted(dataclasses.fields(cls), key=lambda each: each.name not in own):
        if _MARK in each.metadata:
            shape, meaning, default, required = each.metadata[_MARK]
            found[each.name] = Key(
                name=each.name, shape=shape, meaning=meaning, default=default, required=required
            )
    return found
