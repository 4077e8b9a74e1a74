"""The part made from the field table of `tandem.yaml`."""

from __future__ import annotations

from itertools import groupby

from config.reference import Field, fields
from tools.reference.markdown import code, table


def configuration() -> str:
    """Every key of `tandem.yaml`, a table for each of its sections."""
    sections = groupby(fields(), key=lambda field: (_parent(field), field.applies_to))
    return "\n\n".join(_section(parent, kind, list(keys)) for (parent, kind), keys in sections)


def _section(parent: str, kind: str, keys: list[Field]) -> str:
    head = f"## {code(parent)}" + (f", {code(kind)}" if kind else "")
    rows = [
        [code(_name(key)), key.type, "required" if key.required else code(key.default), key.meaning]
        for key in keys
    ]
    return f"{head}\n\n{table(['key', 'is', 'default', 'meaning'], rows)}"


def _parent(field: Field) -> str:
    return field.path.rpartition(".")[0]


def _name(field: Field) -> str:
    return field.path.rpartition(".")[2]
