"""JSON Schema (draft 2020-12) of a scenario, for editors: they complete sections, verbs and checks.

An editor reads YAML with types, so that `+1555...`, `off` and `12` are admitted as what YAML makes of
them. It cannot know the people of a play: their lines are any name and a known verb. What is not in it,
such as a person who is not in `people`, `tandem test` tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from config.kinds import Kind
from orchestrator.scenarios.format import shapes
from orchestrator.scenarios.format.grammar import (
    CHECKS,
    EXPECT,
    MATCHERS,
    REQUIRED,
    RULES,
    SECTIONS,
    VERBS,
    Verb,
    phrase,
)
from orchestrator.scenarios.format.settings import SECTIONS as CONFIGURED
from orchestrator.scenarios.format.settings import known_settings

Json = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[Json] = {"type": ["string", "number", "boolean"]}
_PLACEHOLDER: Final[Json] = {"type": "string", "pattern": "<[^<>]+>"}
"""Any value may be one of `examples`."""


def scenario_schema() -> Json:
    """The schema of a whole file."""
    properties = {
        name: {"description": meaning, **_section(shape)} for name, (shape, meaning) in SECTIONS.items()
    }
    return {
        "$schema": DIALECT,
        "title": "Tandem scenario",
        "description": "A play with a clock: what people and the bot do, in order, and what must hold.",
        "type": "object",
        "properties": properties,
        "required": list(REQUIRED),
        "additionalProperties": False,
        "$defs": {
            "words": _words(),
            "expect": _fields(CHECKS),
            "line": _line(),
            "rule": _rule(),
        },
    }


def _section(shape: shapes.Shape | str) -> Json:
    return _PARTS[shape]() if isinstance(shape, str) else _shape(shape)


def _shape(shape: shapes.Shape) -> Json:
    if isinstance(shape, Kind):
        return {"anyOf": [shape.schema, _PLACEHOLDER]}
    made: Json = _SHAPES[type(shape)](shape)
    return made


def _words() -> Json:
    values: Json = {
        "one of": {"type": "array", "items": _TEXT, "minItems": 1},
        "matches": {"type": "string", "pattern": "^/.*/i?$"},
    }
    matchers: Json = {
        name: {"description": meaning, **values.get(name, _TEXT)} for name, meaning in MATCHERS.items()
    }
    one: Json = {"type": "object", "properties": matchers, "additionalProperties": False}
    return {"anyOf": [_TEXT, one | {"minProperties": 1, "maxProperties": 1}]}


def _fields(keys: Any, alone: str = "") -> Json:
    made: Json = {
        "type": "object",
        "properties": {
            name: {"description": entry.meaning, **_shape(entry.shape)} for name, entry in keys.items()
        },
        "required": [name for name, entry in keys.items() if entry.required],
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [_shape(keys[alone].shape), made]} if alone else made


def _free(shape: shapes.Free) -> Json:
    if not shape.names:
        return {"type": "object", "additionalProperties": _shape(shape.of)}
    return _fields({name: shapes.Entry(shape.of, "") for name in shape.names})


def _line() -> Json:
    """A line alone, or with something behind its colon."""
    fixed = [verb for verb in VERBS if verb.kind != "person"]
    of_people = [verb for verb in VERBS if verb.kind == "person"]
    alone = [phrase(verb) for verb in fixed if _may_end(verb)]
    person = {"type": "string", "pattern": f"^.+ ({'|'.join(v.phrase for v in of_people if _may_end(v))})$"}
    several: Json = {
        "type": "object",
        "properties": {
            phrase(verb): _described(verb) for verb in fixed if not isinstance(verb.shape, shapes.Nothing)
        }
        | {EXPECT: {"$ref": "#/$defs/expect"}},
        "patternProperties": {
            f"^.+ {re.escape(verb.phrase)}$".replace("\\ ", " "): _described(verb)
            for verb in of_people
            if not isinstance(verb.shape, shapes.Nothing)
        }
        | {f"^{EXPECT} .+$": {"$ref": "#/$defs/expect"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    # `bot texts` fits the pattern of people as well: a name that is no person's is the reader's to tell.
    return {"anyOf": [{"enum": alone}, person, several]}


def _may_end(verb: Verb) -> bool:
    return isinstance(verb.shape, shapes.Nothing | shapes.Maybe)


def _described(verb: Verb) -> Json:
    return {"description": f"{verb.meaning} As in: {verb.example}", **_shape(verb.shape)}


def _rule() -> Json:
    alone = [rule.phrase for rule in RULES if isinstance(rule.shape, shapes.Nothing)]
    taking = {rule.phrase: rule for rule in RULES if not isinstance(rule.shape, shapes.Nothing)}
    described = {
        name: {"description": f"{rule.meaning} As in: {rule.example}", **_shape(rule.shape)}
        for name, rule in taking.items()
    }
    counted = {
        f"^{name.replace('N', '[1-9][0-9]*')}$": made for name, made in described.items() if " N " in name
    }
    fixed = {name: made for name, made in described.items() if " N " not in name}
    several = {"type": "object", "properties": fixed, "patternProperties": counted}
    return {
        "anyOf": [
            {"enum": alone},
            several | {"additionalProperties": False, "minProperties": 1, "maxProperties": 1},
        ]
    }


def _settings() -> Json:
    keys = {
        name: {"anyOf": [each.schema if isinstance(each, Kind) else {} for each in shapes] + [_PLACEHOLDER]}
        for name, shapes in known_settings().items()
    }
    inner = {section: {"type": "object"} for section in CONFIGURED}
    return {"type": "object", "properties": keys | inner, "additionalProperties": False}


_SHAPES: Final[dict[type, Callable[[Any], Json]]] = {
    shapes.Nothing: lambda _: {"type": "null"},
    shapes.Maybe: lambda shape: {"anyOf": [{"type": "null"}, _shape(shape.of)]},
    shapes.Matching: lambda _: {"$ref": "#/$defs/words"},
    shapes.Fields: lambda shape: _fields(shape.keys, shape.alone),
    shapes.Free: _free,
    shapes.Data: lambda _: {"type": "object"},
    shapes.Several: lambda shape: {"anyOf": [_shape(shape.of), {"type": "array", "items": _shape(shape.of)}]},
    shapes.Otherwise: lambda shape: {"anyOf": [{"const": shape.word}, _shape(shape.of)]},
    shapes.Flag: lambda _: {"enum": [None, True, "true", "yes", "on"]},
    shapes.Person: lambda _: {"type": ["string", "integer"]},
    shapes.Audience: lambda _: {"type": ["string", "integer"]},
}
_LINES: Final[Json] = {"type": "array", "items": {"$ref": "#/$defs/line"}, "minItems": 1}
_PARTS: Final[dict[str, Callable[[], Json]]] = {
    "settings": _settings,
    "steps": lambda: _LINES,
    "finally": lambda: {"anyOf": [{"$ref": "#/$defs/expect"}, {"const": "nothing"}, _LINES]},
    "never": lambda: {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1},
    "examples": lambda: {
        "type": "array",
        "items": {"type": "object", "additionalProperties": _TEXT},
        "minItems": 1,
    },
}
