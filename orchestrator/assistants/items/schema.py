"""Response types as JSON Schema, made from the table that answers are read by."""

from __future__ import annotations

import copy
from typing import Any

from orchestrator.assistants.items import fields as kinds
from orchestrator.assistants.items.fields import Field, Kind
from orchestrator.assistants.items.table import TYPES

Schema = dict[str, Any]

_STRING: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "string", "pattern": r"^\+[1-9]\d{6,14}$"}
_OF: dict[Kind, Schema] = {
    kinds.WORDS: _STRING,
    kinds.LINES: {"type": ["string", "array"], "items": _STRING},
    kinds.FLAG: {"type": "boolean"},
    kinds.SECONDS: {"type": ["number", "string"], "description": "seconds, or a duration such as 45s"},
    kinds.MILLISECONDS: {"type": "number", "description": "milliseconds"},
    kinds.COUNT: {"type": "integer", "minimum": 0, "maximum": 100},
    kinds.KEY: {"type": "string", "enum": list("0123456789*#")},
    kinds.ADDRESS: {"type": "string", "pattern": "^https?://"},
    kinds.ADDRESSES: {"type": "array", "items": {"type": "string", "pattern": "^https?://"}},
    kinds.PHONE: _NUMBER,
    kinds.TARGET: {"type": "string", "description": "a number such as +15550101234, or a sip: address"},
    kinds.PATTERN: {"type": "string", "description": "a regular expression"},
    kinds.CHANNEL: {"type": "string", "enum": ["sms", "voice"]},
    kinds.HEADERS: {"type": "object", "additionalProperties": _STRING},
    kinds.LIST: {"type": "array"},
    kinds.OBJECT: {"type": "object"},
}
"""How a value of each kind is written; readers are more tolerant."""


def fields_schema(name: str) -> Schema:
    """The object that holds the fields of response type `name`, without `response_type` itself."""
    schema = _object()
    for field in TYPES[name].fields:
        _put(schema, field)
    return schema


def _put(schema: Schema, field: Field) -> None:
    """Add a field at its path; the objects on the way are made."""
    *path, last = field.path.split(".")
    for part in path:
        if field.required and part not in schema["required"]:
            schema["required"].append(part)
        schema = schema["properties"].setdefault(part, _object())
    found = copy.deepcopy(_OF.get(field.kind, {}))
    words = [field.meaning, found.pop("description", "")]
    schema["properties"][last] = {**found, "description": "; ".join(filter(None, words))}
    if field.required:
        schema["required"].append(last)


def _object() -> Schema:
    return {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
