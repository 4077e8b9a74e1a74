"""Answers of assistants as a whole, and what of them cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.assistants.items import (
    parse_answer,
    parse_entries,
    read_answer,
    read_item,
)
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import (
    HangUp,
    Text,
    Unsupported,
)

PICTURE = "https://x.example/p.png"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("text", "an item is no object"),
        ({}, "`response_type` is missing"),
        ({"response_type": "carousel"}, "unknown response type"),
        ({"response_type": "text"}, "`text` is missing"),
        ({"response_type": "text", "text": {"a": 1}}, "`text`: expected a string"),
        ({"response_type": "text", "text": "x", "channels": [{"channel": "slack"}]}, "meant for other channels"),
        ({"response_type": "text", "text": "x", "channels": 7}, "`channels`: expected a list of channel names"),
        ({"response_type": "pause", "time": -1}, "`time`: expected a number that is not negative"),
        ({"response_type": "option", "options": []}, "no choices are given"),
        ({"response_type": "option", "options": [{}]}, "a choice has no label"),
        ({"response_type": "image", "source": "ftp://x"}, "`source`: expected an http or https address"),
        ({"response_type": "send_text"}, "neither text nor media"),
        ({"response_type": "send_text", "media": [PICTURE] * 101}, "`media`: expected at most 100 addresses"),
        ({"response_type": "send_text", "text": "x", "to": "5550"}, "`to`: expected a number such as +15550101234"),
        ({"response_type": "ask_for_text", "pattern": "("}, "`pattern`: expected a regular expression without references back or lookbehind"),
        ({"response_type": "ask_for_text", "timeout": "soon"}, "`timeout`: expected seconds, or a duration such as 45s, of at most a day"),
        ({"response_type": "ask_for_text", "fallback": {"collect": {"count": 5}}}, "`fallback.say` is missing"),
        ({"response_type": "ask_for_text", "fallback": {"say": []}}, "`fallback.say`: expected a string"),
        ({"response_type": "switch_channel", "to": "fax"}, "`to`: expected sms or voice"),
        ({"response_type": "transfer", "to": "x"}, "`to`: expected a number such as +15550101234"),
        ({"response_type": "transfer", "to": "sip:a@x.example", "headers": {"A": "1\r\n2"}}, "`headers`: expected headers of one line each"),
        ({"response_type": "connect_to_agent", "transfer_info": {"target": {"phone_number": "x"}}}, "`transfer_info.target.phone_number`: expected a number such as +15550101234"),
        ({"response_type": "search"}, "neither a header nor a result"),
        ({"response_type": "option", "options": [{"label": {}}]}, "the label of a choice is no string"),
        ({"response_type": "switch_channel", "to": "sms", "keep_call": "perhaps"}, "`keep_call`: expected true or false"),
        ({"response_type": "dtmf", "command_info": {"type": "collect", "parameters": {"count": 101}}}, "`command_info.parameters.count`: expected a whole number up to 100"),
        ({"response_type": "dtmf", "command_info": {"type": "collect", "parameters": {"termination_key": "12"}}}, "`command_info.parameters.termination_key`: expected one key: 0 to 9, * or #"),
        ({"response_type": "ask_for_text", "pattern": "x" * 501}, "`pattern`: expected a pattern of at most 500 characters"),
        ({"response_type": "transfer", "to": "sip:a@x.example", "headers": 7}, "`headers`: expected a list"),
        ({"response_type": "user_defined", "user_defined": []}, "`user_defined`: expected an object"),
        ({"response_type": "stop_activities"}, "`activities` is missing"),
        ({"response_type": "stop_activities", "activities": ["other"]}, "no activity of a call is named"),
        ({"response_type": "dtmf", "command_info": {"type": "sing"}}, "an unknown command"),
        ({"response_type": "dtmf", "command_info": {"type": "send"}}, "`digits` is missing"),
        ({"response_type": "dtmf", "command_info": {"type": "send", "parameters": {"digits": "1,2"}}}, "`command_info.parameters.digits`: expected 1 to 100 tones: 0 to 9, *, #, w or W"),
        ({"response_type": "speech_to_text", "command_info": {"type": "sing"}}, "an unknown command"),
        ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"language": "german"}}}, "`language`: expected a language such as en-US"),
        ({"response_type": "text_to_speech", "command_info": {"type": "configure", "parameters": {"language": "german"}}}, "`language`: expected a language such as en-US"),
        ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"confidence_threshold": 2}}}, "`command_info.parameters.confidence_threshold`: expected a number from 0 to 1"),
        ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"confidence_threshold": "low"}}}, "`command_info.parameters.confidence_threshold`: expected a number from 0 to 1"),
        ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"update_strategy": "mix"}}}, "`update_strategy`: expected replace, replace_once, merge or merge_once"),
        ({"response_type": "speech_to_text", "command_info": {"type": "configure", "parameters": {"update_strategy": "merge"}}}, "nothing in it that a carrier can set"),
    ],
)  # fmt: skip
def test_malformed_items(raw: Any, why: str) -> None:
    """A malformed item is skipped with a reason that tells nothing of its content."""
    (item,) = read_item(raw)
    assert isinstance(item, Unsupported)
    assert item.why == why


def test_one_bad_item_spares_the_rest() -> None:
    """The items beside a malformed one are carried out."""
    items, context = read_answer(
        {
            "responses": [{"response_type": "text"}, {"response_type": "text", "text": "b"}],
            "context": {"a": None},
        }
    )
    assert items[1] == Text(text="b")
    assert context == {"a": None}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        7,
        "x",
        {"text": "x"},
        {"responses": {}},
        {"responses": [], "context": []},
        {"responses": [{}] * 201},
    ],
)
def test_malformed_answers(payload: Any) -> None:
    """An answer that is malformed as a whole is an error."""
    with pytest.raises(AssistantError, match="malformed"):
        read_answer(payload)


@pytest.mark.parametrize("payload", [{}, [], {"responses": []}, {"responses": None}, {"context": {}}])
def test_empty_answers(payload: Any) -> None:
    """Nothing to say is an answer."""
    assert read_answer(payload) == ((), {})


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"context": {"a": NaN}}', b"[" * 100_000, b"<html>"])
def test_bodies_that_are_no_json(body: bytes) -> None:
    """A body that is no JSON is an error that does not show it."""
    with pytest.raises(AssistantError) as caught:
        parse_answer(body)
    assert str(caught.value) == "malformed: not JSON"


def test_what_is_too_deep_to_be_kept() -> None:
    """A context of a hundred levels is kept, a deeper one makes the answer malformed."""
    deep = '{"context": ' + '{"a":' * 98 + "[]" + "}" * 99
    assert parse_answer(deep.encode())[1]
    with pytest.raises(AssistantError) as caught:
        parse_answer(deep.replace("[]", "[[]]").encode())
    assert str(caught.value) == "malformed: more than 100 levels"


def test_half_a_surrogate_pair() -> None:
    """What cannot be written as UTF-8 is replaced."""
    items, _ = parse_answer(b'[{"response_type": "text", "text": "a\\ud800b \\ud83d\\ude00"}]')
    assert items == (Text(text="a?b \U0001f600"),)


def test_lines() -> None:
    """A streamed answer is an item a line, and may end with the context."""
    lines = [{"response_type": "text", "text": "a"}, {"response_type": "hang_up"}, {"context": {"k": 1}}]
    assert parse_entries(json.dumps(line).encode() for line in lines) == (
        (Text(text="a"), HangUp()),
        {"k": 1},
    )


@pytest.mark.parametrize("line", [b"7", b'{"contxt": {}}', b'{"context": 7}', b"{"])
def test_malformed_lines(line: bytes) -> None:
    """A line that is neither item nor context spoils the answer."""
    with pytest.raises(AssistantError):
        parse_entries([b'{"response_type": "hang_up"}', line])
