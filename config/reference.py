"""The field table, flat: every key with its path, type, default and meaning. Reference pages come from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.kinds import Shape
from config.schema import Key, Named, Section, Variants, keys_of
from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key. `default` is as the file would hold it, empty when there is none.

    `path` has `<name>` in place of an assistant's name; `applies_to` says for which `kind` of backend a
    key is (`kind: http`), empty for all.
    """

    path: str
    type: str
    default: str
    meaning: str
    secret: bool
    required: bool
    applies_to: str = ""


def fields() -> list[Field]:
    """Every key of the configuration, in reading order."""
    return list(_section(Settings, "", ""))


def _section(of: type, path: str, applies_to: str) -> Iterator[Field]:
    for key in keys_of(of).values():
        where = f"{path}.{key.name}" if path else key.name
        shape = key.shape
        if isinstance(shape, Section):
            yield from _section(shape.of, where, applies_to)
        elif isinstance(shape, Named):
            yield from _section(shape.of, f"{where}.<name>", applies_to)
        elif isinstance(shape, Variants):
            for word, variant in shape.of.items():
                yield from _section(variant, where, f"{shape.tag}: {word}")
        else:
            yield _field(key, shape, where, applies_to)


def _field(key: Key, shape: Shape, path: str, applies_to: str) -> Field:
    return Field(
        path=path,
        type=shape.name,
        default=key.written_default,
        meaning=key.meaning,
        secret=shape.secret,
        required=key.required,
        applies_to=applies_to,
    )
