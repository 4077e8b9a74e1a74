"""Turn requests as an assistant sees them, for the tests of assistants."""

from __future__ import annotations

from typing import Any

from orchestrator.core.effects import AskAssistant


def turn(said: str = "", **changes: Any) -> AskAssistant:
    """A turn; `said` is the input. Changes name fields of the request, or `kind`, `turn_id`, `live`."""
    kind = changes.pop("kind", "speech" if said else "none")
    turn_id = changes.pop("turn_id", "01JTURN")
    live = changes.pop("live", True)
    request: dict[str, Any] = {
        "version": 1,
        "turn_id": turn_id,
        "session_id": "01JSESSION",
        "previous_session_id": None,
        "assistant": "support",
        "channel": "voice",
        "reply_on": ["voice"],
        "input": {"type": kind, "text": said, "confidence": 0.9, "media": []},
        "event": None,
        "event_data": {},
        "customer": {"phone_number": "+15550101234"},
        "assistant_number": "+19585550123",
        "state": "in_call",
        "channels": {
            "voice": {"live": True, "call_sid": "CA1", "direction": "inbound"},
            "sms": {"open": False, "can_send": True},
        },
        "allowed": [
            "send_text",
            "ask_for_text",
            "say",
            "switch_channel",
            "transfer",
            "hang_up",
            "set_context",
            "end",
        ],
        "context": {},
        "last_text_error": None,
    }
    return AskAssistant(turn_id=turn_id, request=request | changes, live=live)


def by_text(said: str, **changes: Any) -> AskAssistant:
    """A turn of a text thread without a call."""
    channels = {"voice": {"live": False}, "sms": {"open": True, "can_send": True}}
    given = {
        "kind": "text",
        "live": False,
        "channel": "sms",
        "reply_on": ["sms"],
        "state": "text_only",
        "channels": channels,
    }
    return turn(said, **(given | changes))
