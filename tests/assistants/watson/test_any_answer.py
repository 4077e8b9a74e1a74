"""Whatever a service answers: items, or an error that is told; never a broken turn, and a memory that can be kept."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from tests.assistants.turns import by_text, turn
from tests.assistants.watson.service import Talk
from tests.fakes.watson import FakeWatson

NAMES = st.sampled_from(
    [
        "output", "generic", "context", "skills", "main skill", "actions skill", "user_defined", "integrations",
        "voice_telephony", "turn_settings", "timeout_count", "cdr_custom_data", "vgwAction", "vgwActionSequence", "smsAction",
        "command", "parameters", "message", "text", "response_type", "options", "value", "input", "label", "global", "system",
        "channels", "setAsInputText", "tandem_turn_id", "vgwTransferFailedMessage", "post_response_timeout_count",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "text",
        "user_defined",
        "option",
        "end_session",
        "vgwActSendSMS",
        "vgwActPlayText",
        "terminateSession",
        "7",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 10**12) | WORDS
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)
OBJECTS = st.dictionaries(NAMES, ANYTHING, max_size=3)
SKILL = ANYTHING | st.fixed_dictionaries({"user_defined": ANYTHING | OBJECTS})
CONTEXT = st.fixed_dictionaries(
    {},
    optional={
        "skills": st.fixed_dictionaries({}, optional={"main skill": SKILL, "actions skill": SKILL}),
        "integrations": st.fixed_dictionaries({"voice_telephony": ANYTHING | OBJECTS}),
        "global": ANYTHING,
    },
)
ITEM = st.fixed_dictionaries(
    {"response_type": WORDS}, optional={"user_defined": OBJECTS, "options": ANYTHING}
)
OUTPUT = st.fixed_dictionaries(
    {}, optional={"generic": st.lists(ITEM | ANYTHING, max_size=3), "vgwAction": ANYTHING}
)
ANSWERS = st.fixed_dictionaries({"output": OUTPUT}, optional={"context": CONTEXT | ANYTHING}) | ANYTHING


@pytest.mark.anyio
@settings(max_examples=100, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=3), stateless=st.booleans())
def test_any_answer_is_survived(answers: list[Any], stateless: bool) -> None:
    """Turns of a call and of a thread, one after the other, whatever came back to the ones before."""

    async def go() -> None:
        watson = FakeWatson()
        talk = Talk(watson, stateless=stateless, retries=0)
        for number, answer in enumerate(answers):
            watson.will({"raw": answer})
            assert await _failure(talk, (turn, by_text)[number % 2]("hi")) in {"", "malformed"}
            assert json.loads(json.dumps(talk.memory)) == talk.memory
            watson.expire()

    anyio.run(go)


async def _failure(talk: Talk, asked: AskAssistant) -> str:
    try:
        await talk.ask(asked)
    except AssistantError as error:
        return error.reason
    return ""
