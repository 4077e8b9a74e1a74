"""Times and records that a dialogue sets, in either generation."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.assistants.watson import timeouts


def today(**telephony: Any) -> dict[str, Any]:
    """A context with the object of the phone integration."""
    return {"integrations": {"voice_telephony": telephony}}


def older(**variables: Any) -> dict[str, Any]:
    """A context with variables of the dialog skill."""
    return {"skills": {"main skill": {"user_defined": variables}}}


@pytest.mark.parametrize(
    ("context", "limits"),
    [
        (today(turn_settings={"timeout_count": 8000}), {"voice": 8.0}),
        (older(vgwConversationResponseTimeout="9000"), {"voice": 9.0}),
        ({**today(turn_settings={"timeout_count": 8000}), **older(vgwConversationResponseTimeout=9000)}, {"voice": 8.0}),
        (older(smsConversationResponseTimeout=2500), {"sms": 2.5}),
        (today(turn_settings={"timeout_count": "soon"}), {}),
        (today(turn_settings={"timeout_count": 0}), {}),
        (today(turn_settings={"timeout_count": True}), {}),
        (today(turn_settings=7), {}),
        (older(smsConversationResponseTimeout=10**9), {}),
        ({"integrations": []}, {}),
        (None, {}),
    ],
)  # fmt: skip
def test_time_for_an_answer(context: Any, limits: dict[str, float]) -> None:
    """Milliseconds of either generation, today's first; what is no time is passed over."""
    assert timeouts.limits(context) == limits


@pytest.mark.parametrize(
    ("context", "changed"),
    [
        (today(post_response_timeout_count=15000), {"post_response_timeout_count": 15000}),
        (older(vgwPostResponseTimeoutCount="15000"), {"post_response_timeout_count": 15000}),
        (older(vgwFinalUtteranceTimeout=20000), {"final_utterance_timeout_count": 20000}),
        (today(cdr_custom_data={"case": "7", "old": ""}), {"cdr_custom_data": {"case": "7"}}),
    ],
)
def test_what_the_house_carries_out(context: Any, changed: dict[str, Any]) -> None:
    """It is written into our context beside what stands there; the same again changes nothing."""
    ours = {"integrations": {"chat": {"kept": True}}}
    change = timeouts.settings(context, ours)
    assert change == {"integrations": {"chat": {"kept": True}, "voice_telephony": changed}}
    assert timeouts.settings(context, change) == {}


def test_data_for_the_record_are_joined_within_a_call() -> None:
    """Keys are added and taken away; a new call begins with its own."""
    ours = today(cdr_custom_data={"case": "7", "step": "1"})
    later = today(cdr_custom_data={"step": "", "end": "ok"})
    told = timeouts.settings(later, ours)["integrations"]["voice_telephony"]["cdr_custom_data"]
    assert told == {"case": "7", "end": "ok"}
    fresh = timeouts.settings(later, ours, new_call=True)["integrations"]["voice_telephony"]
    assert fresh["cdr_custom_data"] == {"end": "ok"}
