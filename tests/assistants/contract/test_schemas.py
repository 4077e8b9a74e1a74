"""The schemas of the contract hold what the house asks and reads, and the OpenAPI document is whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from orchestrator.assistants.contract.answer_schema import answer_schema
from orchestrator.assistants.contract.openapi import document
from orchestrator.assistants.contract.request_schema import ACTIONS, EVENTS, request_schema
from orchestrator.assistants.contract.turns import samples, unknown_fields, withheld
from orchestrator.assistants.items import TYPES, read_answer
from orchestrator.core import policy
from orchestrator.core.items import Unsupported

CORE = Path(policy.__file__).parent / "steps"
GOOD: list[dict[str, Any]] = [
    {},
    {"context": {"a": None}},
    {"responses": [{"response_type": "text", "text": "Hello", "channels": ["sms"]}]},
    {"responses": [{"response_type": "text", "text": "Hi", "channels": [{"channel": "text_messaging"}]}]},
    {"responses": [{"response_type": "dtmf", "command_info": {"type": "collect", "parameters": {"count": 4}}}]},
    {"responses": [{"response_type": "ask_for_text", "text": "a", "reminder": {"after": "30s", "say": "b"}, "keep_as": None}]},
]  # fmt: skip
BAD: list[Any] = [
    [],
    {"response": []},
    {"responses": {}},
    {"responses": [{"text": "Hello"}]},
    {"responses": [{"response_type": "dance"}]},
    {"responses": [{"response_type": "pause"}]},
    {"responses": [{"response_type": "transfer", "say": "a"}]},
    {"responses": [{"response_type": "dtmf", "command_info": {}}]},
    {"responses": [{"response_type": "ask_for_text", "reminder": {"say": 1}}]},
    {"responses": [{"response_type": "text", "text": "a", "channels": ["fax"]}]},
    {"context": []},
]


def is_valid(schema: dict[str, Any], value: Any) -> bool:
    """Whether a schema holds a value."""
    jsonschema.Draft202012Validator.check_schema(schema)
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


def test_requests() -> None:
    """Every request that the house makes is held, also with fields of a later release; others are not."""
    asked = [*(sample.request for sample in samples("run", 1e9)), *withheld("run", 1e9)]
    schema = request_schema()
    assert all(is_valid(schema, request) for request in asked)
    assert is_valid(schema, unknown_fields(asked[0], "T1"))
    for name in asked[0]:
        assert not is_valid(schema, {key: value for key, value in asked[0].items() if key != name})
    assert not is_valid(schema, {**asked[0], "channel": "fax"})


def test_the_words_of_a_request_are_those_of_the_core() -> None:
    """Events and actions are named as the core names them, all of them."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in CORE.glob("*.py"))
    assert set(EVENTS) == set(re.findall(r'\bevent="(\w+)"', source))
    assert tuple(name for name, _ in policy._ALLOWED) == ACTIONS


@pytest.mark.parametrize("answer", GOOD)
def test_good_answers(answer: dict[str, Any]) -> None:
    """What is read without a skip is held by the schema."""
    assert is_valid(answer_schema(), answer)
    assert not any(isinstance(item, Unsupported) for item in read_answer(answer)[0])


@pytest.mark.parametrize("answer", BAD)
def test_bad_answers(answer: Any) -> None:
    """What is refused or skipped, or has no sense, is not."""
    assert not is_valid(answer_schema(), answer)


def test_every_type_is_described() -> None:
    """Each response type has its own definition, with what it does."""
    found = answer_schema()["$defs"]
    assert found.keys() == {"item", *TYPES}
    assert all(found[name]["description"] == TYPES[name].effect for name in TYPES)


def test_the_document_refers_to_what_it_holds() -> None:
    """Each reference of the OpenAPI document leads somewhere inside it."""
    whole = document()
    places = re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole))
    assert len(places) > len(TYPES)
    for place in places:
        found: Any = whole
        for part in place.split("/"):
            found = found[part]
        assert found
