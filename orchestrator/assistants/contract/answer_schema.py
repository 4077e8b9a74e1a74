"""The JSON Schema of a turn's answer, made from the table that answers are read by.

It describes answers as they should be written. What is read is more: an item of a type that nobody knows is
skipped, numbers stand for words, and fields that mean nothing here are passed over.
"""

from __future__ import annotations

from typing import Any

from orchestrator.assistants.items.answer import MAX_ITEMS
from orchestrator.assistants.items.fields import CHANNEL_NAMES
from orchestrator.assistants.items.schema import fields_schema
from orchestrator.assistants.items.table import TYPES

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAME: Schema = {"type": "string", "enum": sorted(CHANNEL_NAMES)}
_CHANNELS: Schema = {
    "description": "the channels that the item is meant for; left out: where the turn is answered",
    "type": "array",
    "items": {
        "anyOf": [_NAME, {"type": "object", "required": ["channel"], "properties": {"channel": _NAME}}]
    },
}


def answer_schema() -> Schema:
    """The schema, draft 2020-12."""
    return {
        "$schema": DRAFT,
        "title": "The answer to a turn",
        "type": "object",
        "properties": {
            "responses": {
                "description": "what to say and do, in order",
                "type": "array",
                "maxItems": MAX_ITEMS,
                "items": {"$ref": "#/$defs/item"},
            },
            "context": {
                "description": "merged into the session's context at the top level; null deletes a key",
                "type": "object",
            },
        },
        "anyOf": [{"required": ["responses"]}, {"required": ["context"]}, {"maxProperties": 0}],
        "$defs": {"item": _item(), **{name: _of(name) for name in TYPES}},
    }


def _item() -> Schema:
    """The schema of an item is that of its type: one error for one mistake."""
    return {
        "type": "object",
        "required": ["response_type"],
        "properties": {"response_type": {"type": "string", "enum": list(TYPES)}, "channels": _CHANNELS},
        "allOf": [
            {
                "if": {"properties": {"response_type": {"const": name}}, "required": ["response_type"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in TYPES
        ],
    }


def _of(name: str) -> Schema:
    entry = TYPES[name]
    return {"description": entry.effect, **_open(fields_schema(name))}


def _open(schema: Schema) -> Schema:
    """The schema with room for fields that are not ours, and nulls for what is not given."""
    found = {key: value for key, value in schema.items() if key != "additionalProperties"}
    if found.get("type") != "object" or "properties" not in found:
        return found
    inside = {key: _open(value) for key, value in found["properties"].items()}
    needed = found.get("required", [])
    made = {key: value if key in needed else _or_null(value) for key, value in inside.items()}
    return {"type": "object", "properties": made, **({"required": needed} if needed else {})}


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": ["string", "null"], "enum": [*schema["enum"], None]}
    kinds = schema.get("type")
    return {**schema, "type": [*([kinds] if isinstance(kinds, str) else kinds or []), "null"]}
