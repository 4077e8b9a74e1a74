"""The parts made from the grammar of scenarios, and its JSON Schema as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from config.kinds import Kind
from orchestrator.scenarios.format import shapes
from orchestrator.scenarios.format.grammar import (
    CHECKS,
    EVENTS,
    GIVEN,
    HAPPENINGS,
    MATCHERS,
    RULES,
    SECTIONS,
    VERBS,
    Verb,
)
from orchestrator.scenarios.format.schema import scenario_schema
from orchestrator.scenarios.play import LineKind
from tools.reference.markdown import code, codes, table

WHO: dict[LineKind, str] = {
    "person": "A person",
    "bot": "The bot",
    "network": "The network",
    "operator": "An operator",
    "time": "Time",
}


def schema() -> str:
    """The JSON Schema, as `tandem schema scenario` prints it."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def sections() -> str:
    """Every section."""
    return table(["section", "what"], [[code(name), meaning] for name, (_, meaning) in SECTIONS.items()])


def verbs() -> str:
    """Every verb, by who does it."""
    parts = []
    for kind, title in WHO.items():
        rows = [[code(verb.example), verb.meaning + _fields(verb)] for verb in VERBS if verb.kind == kind]
        parts.append(table([title, ""], rows))
    return "\n\n".join(parts)


def checks() -> str:
    """Every key of `expect`."""
    return table(
        ["key", "takes", "what"],
        [[code(name), taken(entry.shape), entry.meaning] for name, entry in CHECKS.items()],
    )


def matchers() -> str:
    """Every matcher."""
    examples = {"one of": "[yes, no]", "matches": '"/[0-9]{5}/"'}
    rows = [
        [code(f"{{{name}: {examples.get(name, 'words')}}}"), meaning] for name, meaning in MATCHERS.items()
    ]
    return table(["matcher", "holds when"], rows)


def rules() -> str:
    """Every rule of `never`."""
    return table(["rule", "what"], [[code(rule.example), rule.meaning] for rule in RULES])


def given() -> str:
    """Every key of `given`."""
    return table(
        ["key", "takes", "what"],
        [[code(name), taken(entry.shape), entry.meaning] for name, entry in GIVEN.keys.items()],
    )


def events() -> str:
    """What may stand on a timeline."""
    asking = [event for event in HAPPENINGS if event not in EVENTS]
    return f"{codes(EVENTS)}; and, as turns of the bot: {codes(asking)}."


def taken(shape: shapes.Shape) -> str:
    """What a shape is, in words."""
    return _WORDS[type(shape)](shape)


def _fields(verb: Verb) -> str:
    """The fields that a verb takes."""
    if not isinstance(verb.shape, shapes.Fields):
        return ""
    return (
        " Takes "
        + ", ".join(f"{code(name)} ({_meaning(entry)})" for name, entry in verb.shape.keys.items())
        + "."
    )


def _meaning(entry: shapes.Entry) -> str:
    return f"{entry.meaning}; required" if entry.required else entry.meaning


_WORDS: dict[type, Callable[[Any], str]] = {
    Kind: lambda shape: shape.name,
    shapes.Matching: lambda shape: (
        "words or a matcher" + (", or `absent`, `present`" if shape.presence else "")
    ),
    shapes.Fields: lambda shape: (
        f"a mapping: {codes(shape.keys)}" + (f", or {code(shape.alone)} alone" if shape.alone else "")
    ),
    shapes.Free: lambda shape: f"a mapping of {codes(shape.names) or 'names'} to: {taken(shape.of)}",
    shapes.Several: lambda shape: f"{taken(shape.of)}, or a list",
    shapes.Maybe: lambda shape: f"{taken(shape.of)}, or nothing",
    shapes.Otherwise: lambda shape: f"{code(shape.word)}, or {taken(shape.of)}",
    shapes.Nothing: lambda _: "nothing",
    shapes.Data: lambda _: "a mapping",
    shapes.Flag: lambda _: "nothing",
    shapes.Person: lambda _: "a name or number",
    shapes.Audience: lambda _: "names or numbers, or `anyone but` them",
}
