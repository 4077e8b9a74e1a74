"""JSON Schema (draft 2020-12) of `tandem.yaml`, for editors.

An editor reads YAML with types, so that durations and numbers are admitted as text and as what YAML
makes of them; and any scalar may be a `${...}`, whose value the editor cannot know. Rules between keys
are not in it: `tandem check` has them.
"""

from __future__ import annotations

from typing import Any, Final

from config.kinds import ListOf, MapOf, Shape
from config.reader import NAME_SHAPE
from config.schema import Key, Named, Section, Variants, keys_of
from config.settings import Settings

Json = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final[Json] = {"type": "string", "pattern": r"\$\{"}


def config_schema() -> Json:
    """The schema of a whole configuration."""
    return {
        "$schema": DIALECT,
        "title": "tandem.yaml",
        "description": "Configuration of Tandem: the service, and each assistant with its phone and texts.",
        **_section(Settings),
    }


def _section(of: type) -> Json:
    keys = keys_of(of)
    return {
        "type": "object",
        "properties": {name: _key(key) for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.required],
        "additionalProperties": False,
    }


def _key(key: Key) -> Json:
    shape = key.shape
    if isinstance(shape, Section):
        return {"description": key.meaning, **_section(shape.of)}
    if isinstance(shape, Named):
        names = {f"^{NAME_SHAPE}$": _section(shape.of)}
        return {
            "description": key.meaning,
            "type": "object",
            "patternProperties": names,
            "additionalProperties": False,
            "minProperties": 1,
        }
    if isinstance(shape, Variants):
        return {"description": key.meaning, **_variants(shape)}
    default = key.written_default
    shown: Json = {"default": _plain(default)} if default and not shape.secret else {}
    return {"description": key.meaning, **_shape(shape), **shown}


def _variants(shape: Variants) -> Json:
    """One branch a kind, chosen by its tag, so that an editor complains about the right one."""
    tag = {"enum": list(shape.of)}
    branches = [
        {
            "if": {"properties": {shape.tag: {"const": word}}, "required": [shape.tag]},
            "then": _section(variant),
        }
        for word, variant in shape.of.items()
    ]
    return {"type": "object", "properties": {shape.tag: tag}, "required": [shape.tag], "allOf": branches}


def _shape(shape: Shape) -> Json:
    if isinstance(shape, ListOf):
        several: Json = {"type": "array", "items": _shape(shape.item), "minItems": shape.least}
        return {"anyOf": [_shape(shape.item), several]} if shape.or_one else several
    if isinstance(shape, MapOf):
        return {"type": "object", "additionalProperties": _shape(shape.item)}
    return {"anyOf": [shape.schema, _REFERENCE]}


def _plain(written: str) -> Any:
    """A default without the quotes of YAML."""
    if written in ("[]", "{}"):
        return [] if written == "[]" else {}
    return written[1:-1] if written.startswith('"') else written
