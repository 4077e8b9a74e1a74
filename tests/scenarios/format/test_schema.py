"""The JSON Schema admits what the reader admits, and refuses what an editor can know to be wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from orchestrator.scenarios.format.grammar import RULES, VERBS
from orchestrator.scenarios.format.schema import scenario_schema
from tests.scenarios.format.plays import DESIGN, written
from tests.scenarios.format.test_mistakes import LINES

VALIDATOR = Draft202012Validator(scenario_schema())
ONLY_THE_READER = (
    "is not in `people`",
    "is nothing that",
    "time zone",
    "date",
    "regular",
    "more than one",
    "duplicate",
    "alone",
)
"""What an editor cannot know, or YAML's own reader tells."""


def faults(text: str) -> list[Any]:
    """What the schema says of a text as editors read it."""
    return list(VALIDATOR.iter_errors(json.loads(json.dumps(yaml.safe_load(text), default=str))))


def test_it_is_a_schema() -> None:
    """It is right by the rules of its own dialect."""
    Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("name", DESIGN)
def test_the_design_fits(name: str) -> None:
    """The three scenarios of the design are right for an editor, too."""
    assert not faults(DESIGN[name])


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.phrase)
def test_every_verb_fits(verb: Any) -> None:
    """Each verb's example is right for an editor."""
    assert not faults(written(verb.example))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.phrase)
def test_every_rule_fits(rule: Any) -> None:
    """Each rule's example is right for an editor."""
    assert not faults(written("Ana calls", more=f"never:\n  - {rule.example}\n"))


@pytest.mark.parametrize(("line", "message"), [(line, message) for line, _, message, _ in LINES])
def test_wrong_lines_are_refused(line: str, message: str) -> None:
    """A wrong line is wrong for an editor as well, unless only the reader can know."""
    if "YAML" in message or "tag" in message or any(part in message for part in ONLY_THE_READER):
        return
    assert faults(written(line))


def test_editors_complete_the_verbs() -> None:
    """The verbs of bot, network, operator and time are names or words that an editor offers."""
    alone, _, several = scenario_schema()["$defs"]["line"]["anyOf"]
    offered = {*alone["enum"], *several["properties"]}
    assert {
        "bot says",
        "bot asks for a text",
        "call drops",
        "webhook arrives late",
        "operator texts",
        "wait",
    } <= offered
