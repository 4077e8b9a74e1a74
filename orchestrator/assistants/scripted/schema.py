"""The JSON Schema of a script, for editors that complete and check YAML."""

from __future__ import annotations

from typing import Any

from orchestrator.assistants.items import TYPES
from orchestrator.assistants.scripted.compile import MODIFIERS, VERBS
from orchestrator.assistants.scripted.emit import SHORT
from orchestrator.assistants.scripted.model import EVENTS
from orchestrator.assistants.scripted.read_conditions import KEYS
from orchestrator.assistants.scripted.slots import CHECKS

Schema = dict[str, Any]
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_MEANING = {
    "say": "Said on voice, written on SMS.",
    "any_of": "One of these, at random.",
    "in_turn": "The first one the first time, then the second, and so on; the last one stays.",
    "ask": "A question; the answer is checked, and kept in the context.",
    "choose": "A question with numbered options.",
    "listen": "The customer has the floor; the first rule that holds is taken.",
    "if": "A condition; `then` and `else` stand beside it.",
    "set": "Context to keep; null forgets.",
    "go": "Go on at another step.",
    "visit": "Run another step and come back.",
    "return": "Back to where the visit came from.",
    "repeat": "Ask the interrupted question again.",
    "finish": "The dialogue is over; the next input begins it anew.",
    "do": "Several statements.",
    "item": "Any response item, as JSON.",
}


def schema() -> Schema:
    """JSON Schema 2020-12 of a script."""
    body = {"$ref": "#/$defs/body"}
    rule: Schema = {"allOf": [{"$ref": "#/$defs/statement"}, {"required": ["when"]}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tandem script",
        "type": "object",
        "required": ["steps"],
        "additionalProperties": False,
        "properties": {
            "start": {
                "type": "string",
                "description": "The step a new dialogue begins at; the first unless named.",
            },
            "fallback": {"type": "string", "description": "Said when no rule of a `listen` holds."},
            "anytime": {
                "type": "array",
                "items": rule,
                "description": "Rules looked at before any open question.",
            },
            "events": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(EVENTS, body),
            },
            "steps": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/$defs/statements"},
            },
        },
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    listed = {"type": "array", "items": {"$ref": "#/$defs/statement"}}
    return {
        "statements": listed,
        "body": {"anyOf": [{"type": "string"}, listed, {"$ref": "#/$defs/statement"}]},
        "statement": {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": False, "properties": _fields()},
            ]
        },
        "condition": {
            "anyOf": [
                {"type": "string", "description": "Phrases separated by commas, or a /pattern/."},
                {"type": "array", "items": {"$ref": "#/$defs/condition"}},
                {"type": "object", "additionalProperties": False, "properties": {key: {} for key in KEYS}},
            ],
        },
    }


def _fields() -> Schema:
    """Every verb and the fields beside them."""
    body, condition = {"$ref": "#/$defs/body"}, {"$ref": "#/$defs/condition"}
    fields: Schema = {name: dict(_TEXT) for names in MODIFIERS.values() for name in names}
    fields |= {verb: _verb(verb) for verb in VERBS}
    rule = {"anyOf": [{"$ref": "#/$defs/statement"}, {"type": "object", "required": ["otherwise"]}]}
    fields |= {
        "when": condition,
        "if": condition,
        "then": body,
        "else": body,
        "do": body,
        "listen": {"type": ["array", "null"], "items": rule},
        "options": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"anyOf": [body, {"type": "null"}]},
        },
        "set": {"type": "object"},
        "any_of": {"type": "array", "minItems": 1},
        "in_turn": {"type": "array", "minItems": 1},
        "like": {"enum": list(CHECKS)},
        "channels": {"type": ["array", "string"]},
    }
    return {
        name: entry | ({"description": _MEANING[name]} if name in _MEANING else {})
        for name, entry in fields.items()
    }


def _verb(verb: str) -> Schema:
    """A response type: its main field alone, or its fields."""
    if verb not in SHORT or verb in {"say", "item", "user_defined"}:
        return dict(_TEXT) if verb not in {"item", "user_defined"} else {"type": "object"}
    known = {entry.path.partition(".")[0] for entry in TYPES[verb].fields} | {"channels"}
    known |= {"late", "failed", "retry"} if verb == "ask_for_text" else set()
    whole = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {} for name in sorted(known)},
    }
    return {"description": TYPES[verb].effect, "anyOf": [dict(_TEXT), whole]}
