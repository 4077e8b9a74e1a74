"""Samples, field table and JSON Schema say the same."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from config import parse
from config.json_schema import DIALECT, config_schema
from config.reference import fields
from config.sample import full_sample, sample
from tests.config.texts import RIGHT, TOKEN
from tests.config.wrong import MISTAKES

ENVIRON = {
    "TANDEM_API_TOKEN": "a",
    "TANDEM_HASH_KEY": "b",
    "BOT_SECRET": "whsec_YQ==",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "c",
}
CONTRACT = """
public_url redis_url api_token hash_key retention timezone log_content wait_replicas kind url secret timeout retries
numbers account_sid auth_token base_url engine language voice welcome_message failure_message failure_transfer_to
transfer_failure_message disconnect_on_transfer_failure filler_message hold_audio post_response_timeout
max_silent_turns voice_budget messaging_service_sid initiate_from_inbound default_failure_message
text_failure_message refusal_message refusal_quiet_period continue_after_call reply_to_text_in_call
text_reply_timeout session_timeout notify_on_session_timeout merge_window max_segments text_ttl delivery
reconcile_after keywords_in_dialogue keyword_replies allowed_recipients assistant_id api_key auth version
model system_prompt history_turns file headers
"""


def test_the_full_sample_is_fresh() -> None:
    """`python -m config.sample` prints what lies in samples/tandem.yaml."""
    assert sample("tandem.yaml") == full_sample()


def test_the_full_sample_shows_every_key_with_its_default() -> None:
    """Each key of the table stands in it, and so do all defaults."""
    text = sample("tandem.yaml")
    for field in fields():
        name = field.path.rpartition(".")[2]
        assert re.search(rf"^\W*(or )?{name}: ", text, re.MULTILINE), field.path
        if field.default and not field.secret and not field.path.endswith("account_sid"):
            assert f"{name}: {field.default}" in text, field.path


def test_the_samples_pass() -> None:
    """Both are right, given the variables that they name; the full one holds nothing but defaults."""
    full = parse(sample("tandem.yaml"), environ=ENVIRON)
    bare = parse(RIGHT.replace(TOKEN, "c"), environ=ENVIRON)
    assert full.to_rules("support") == bare.to_rules("support")
    assert full.service == bare.service
    assert parse(sample("simulator.yaml"), environ=ENVIRON).assistants["support"].backend.kind == "scripted"


def test_every_key_of_the_contract_is_there() -> None:
    """The table has each name that users rely on, with a meaning that is a sentence."""
    assert set(CONTRACT.split()) <= {field.path.rpartition(".")[2] for field in fields()}
    assert all(field.meaning.endswith(".") and field.type for field in fields())


def test_required_keys_have_no_default() -> None:
    """And every other key has one."""
    assert all(field.required != bool(field.default) for field in fields())


def valid(document: Any) -> bool:
    """Whether the schema takes a document as an editor reads it."""
    return bool(Draft202012Validator(config_schema()).is_valid(document))


def test_the_schema_is_one_and_takes_the_samples() -> None:
    """It is itself valid, serialisable, and takes samples that YAML has given types."""
    Draft202012Validator.check_schema(config_schema())
    assert json.loads(json.dumps(config_schema()))["$schema"] == DIALECT
    for text in (sample("tandem.yaml"), sample("simulator.yaml"), RIGHT):
        assert valid(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("path", "value", "is_valid"),
    [
        ("service.retention", "1h30m", True),
        ("service.retention", "90 minutes", False),
        ("service.retention", 90, False),
        ("service.retention", "${KEEP}", True),
        ("service.log_content", True, True),
        ("service.log_content", "Off", True),
        ("service.log_content", "maybe", False),
        ("service.wait_replicas", 1, True),
        ("service.wait_replicas", 99, False),
        ("service.nonsense", "x", False),
        ("assistants.support.phone.numbers", [19585550123], True),
        ("assistants.support.phone.numbers", ["+1 (958) 555 0123"], False),
        ("assistants.support.phone.numbers", [], False),
        ("assistants.support.phone.auth_token", ["a", "b"], True),
        ("assistants.support.phone.engine", "realy", False),
        ("assistants.support.backend.kind", "htpp", False),
        ("assistants.support.backend.model", "m", False),
        ("assistants.support.backend.secret", "abc", False),
        ("assistants.support.messaging.max_segments", "12", True),
    ],
)
def test_the_schema_judges_values(path: str, value: Any, is_valid: bool) -> None:
    """Text forms and YAML's own types, `${...}` anywhere, no unknown keys."""
    document = copy.deepcopy(yaml.safe_load(RIGHT))
    *above, name = path.split(".")
    section = document
    for each in above:
        section = section[each]
    section[name] = value
    assert valid(document) is is_valid


def test_what_the_schema_refuses_is_a_mistake() -> None:
    """An editor never complains about a file that we take."""
    assert all(valid(yaml.safe_load(text)) for text in (RIGHT, sample("simulator.yaml")))
    told = [wrong.name for wrong in MISTAKES if not _passes(RIGHT.replace(wrong.old, wrong.new, 1))]
    assert len(told) > len(MISTAKES) // 3


def _passes(text: str) -> bool:
    try:
        return valid(yaml.safe_load(text))
    except yaml.YAMLError:
        return False
