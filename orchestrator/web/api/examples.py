"""What requests and answers look like, for `/openapi.json`. A test holds each against the schema beside it."""

from __future__ import annotations

import json
from typing import Any

from orchestrator.web.api.problems import CODES, Problem

SESSION_ID = "01KAV4Q5SY8ZJ0Q4R7VB1D2C03"
CUSTOMER, OURS = "+15550101234", "+19585550123"
LETTER_ID = "3-1767261600000-0"
AT, LATER = "2026-01-01T10:00:00.000Z", "2026-01-02T10:00:00.000Z"
Values = dict[str, Any]

PLACES = {
    ("id", "sessions"): SESSION_ID,
    ("id", "dead-letters"): LETTER_ID,
    ("number", "opt-outs"): CUSTOMER,
    ("number", "customers"): CUSTOMER,
}
"""Parameters of addresses, by name and tag."""

SESSION: Values = {
    "id": SESSION_ID,
    "assistant": "support",
    "customer": {"phone_number": CUSTOMER},
    "state": "awaiting_text",
    "call": {
        "state": "listening",
        "call_sid": "CA0123456789abcdef0123456789abcdef",
        "direction": "inbound",
        "number": OURS,
        "started_at": AT,
        "ended_at": None,
    },
    "thread": {"state": "awaiting_reply", "number": OURS},
    "consent": "opted_in",
    "handler": "assistant",
    "context": {"order": 7},
    "timers": [{"name": "text_reply", "due_at": LATER}],
    "allowed": ["send_text", "say", "switch_channel", "transfer", "hang_up", "set_context", "end"],
    "last_text_error": None,
    "waiting_texts": [],
    "previous_session_id": None,
    "opened_at": AT,
    "last_event_at": AT,
}
LINE: Values = {
    "id": "00000004.00",
    "at": AT,
    "type": "text_received",
    "channel": "sms",
    "state": "awaiting_text",
    "state_after": "in_call_and_text",
    "data": {"text": "12 Mill Lane"},
}
STREAM = f"id: 00000004.00\ndata: {json.dumps(LINE)}\n\n: ping\n\n"
REFUSAL: Values = {
    "at": AT,
    "assistant": "support",
    "phone_number": CUSTOMER,
    "message_sid": "SM0123456789abcdef0123456789abcdef",
    "reason": "no_live_call",
}
RECORD: Values = {
    "session_id": SESSION_ID,
    "assistant": "support",
    "phone_number": CUSTOMER,
    "number": OURS,
    "direction": "inbound",
    "call_sid": "CA0123456789abcdef0123456789abcdef",
    "started_at": AT,
    "answered_at": AT,
    "ended_at": LATER,
    "duration": 60,
    "outcome": "ended",
    "custom_data": None,
}
LETTER: Values = {
    "id": LETTER_ID,
    "at": AT,
    "assistant": "support",
    "phone_number": CUSTOMER,
    "event": "TextReceived",
    "event_id": "SM0123456789abcdef0123456789abcdef",
    "reason": "failed five times",
}
CONSENT: Values = {"assistant": "support", "consent": "opted_out", "since": AT, "source": "text"}

ACTIONS: dict[str, Values] = {
    "send_text": {"text": "It waits at the front desk.", "media": ["https://example.com/map.png"]},
    "ask_for_text": {
        "text": "What is your address?",
        "say": "I have just texted you.",
        "keep_as": "address",
        "timeout": "2m",
        "reminder": {"after": "30s", "say": "Take your time."},
        "fallback": {"say": "Then key in your postcode.", "collect": {"count": 5}},
    },
    "say": {"text": "One moment, please."},
    "switch_channel": {"to": "sms", "text": "Let us go on here.", "say": "I will text you."},
    "transfer": {"to": "sip:desk@example.com", "say": "I connect you.", "timeout": "20s"},
    "hang_up": {"say": "Goodbye."},
    "set_context": {"context": {"order": 7, "draft": None}},
    "end": {},
    "take_over": {},
    "release": {},
}
BODIES: dict[str, dict[str, Values]] = {
    "act": {name: {"value": {"action": name, **fields}} for name, fields in ACTIONS.items()},
    "open_message": {
        "our words": {
            "value": {"assistant": "support", "to": "+1 555 010 1234", "text": "Your parcel is here."}
        },
        "the assistant speaks first": {
            "value": {"assistant": "support", "to": "+1 555 010 1234", "context": {"order": 7}}
        },
    },
    "open_call": {
        "a call": {
            "value": {"assistant": "support", "to": "+1 555 010 1234", "context": {"why": "your recall"}}
        }
    },
    "import_opt_outs": {
        "two": {
            "value": {
                "opt_outs": [
                    {
                        "phone_number": "+1 555 010 7777",
                        "since": "2026-01-31T12:00:00Z",
                        "source": "old system",
                    },
                    {"phone_number": "+1 555 010 8888", "assistant": "support"},
                ]
            }
        }
    },
}
"""Bodies of requests by operation: several of each, under their names."""

ANSWERS: dict[str, Values] = {
    "list_sessions": {"sessions": [SESSION], "next_cursor": None},
    "get_session": SESSION,
    "list_refusals": {"refusals": [REFUSAL], "next_cursor": None},
    "list_records": {"records": [RECORD], "next_cursor": None},
    "list_events": {"events": [LINE], "next_cursor": "00000004.00"},
    "get_opt_out": {"phone_number": CUSTOMER, "opt_outs": [CONSENT]},
    "opt_out": {"phone_number": CUSTOMER, "assistants": ["support"], "opted_out": True},
    "opt_in": {"phone_number": CUSTOMER, "assistants": ["support"], "opted_out": False},
    "export_customer": {
        "phone_number": CUSTOMER,
        "opt_outs": [CONSENT],
        "sessions": [{**SESSION, "events": [LINE]}],
        "refusals": [REFUSAL],
    },
    "erase_customer": {"sessions": 1, "opt_out_kept": True},
    "list_opt_outs": {
        "opt_outs": [{"assistant": "support", "phone_number": CUSTOMER, "since": AT, "source": "text"}],
        "next_cursor": None,
    },
    "import_opt_outs": {"imported": 1, "unchanged": 1},
    "list_dead_letters": {"dead_letters": [LETTER]},
    "get_dead_letter": {**LETTER, "data": {"text": "Hello"}},
    "retry_dead_letter": LETTER,
    "get_backlog": {
        "scheduled": 1,
        "overdue": 0,
        "dead_letters": 0,
        "numbers": [{"number": OURS, "segments": 2, "seconds": 2, "texts_here": 0}],
    },
    "act": {"action_id": "00000000005ZQX2T9V4M7C1B3D", "session_id": SESSION_ID, "state": "in_call"},
    "open_message": {"session_id": SESSION_ID, "message_id": "01KAV4Q5SYB3T9H6M5N8P2W4X7"},
    "open_call": {"session_id": SESSION_ID, "call_sid": "CA0123456789abcdef0123456789abcdef"},
}
"""Answers by operation."""

_CODES = {
    ("open_message", 409): "session_open",
    ("open_call", 409): "call_live",
    ("get_media", 404): "media_not_found",
    ("get_media", 502): "media_unavailable",
    ("act", 404): "session_not_found",
    ("get_session", 404): "session_not_found",
    ("list_events", 404): "session_not_found",
    ("get_dead_letter", 404): "dead_letter_not_found",
    ("retry_dead_letter", 404): "dead_letter_not_found",
    ("drop_dead_letter", 404): "dead_letter_not_found",
}
"""Which code stands for a status; the first one of the table elsewhere."""


def problem(operation: str, status: int) -> Values:
    """A refusal of this status."""
    first = next(code for code, (of, _) in CODES.items() if of == status)
    code = _CODES.get((operation, status), first)
    more: Values = {}
    if status == 422:
        more = {"errors": [{"field": "limit", "detail": "input should be less than or equal to 200"}]}
    if status == 409:
        more = {"state": "text_only", "allowed": ["send_text", "set_context", "end"]}
    return Problem(status, code, _sentence(CODES[code][1]), more=more).body


def _sentence(meaning: str) -> str:
    return f"{meaning[0].upper()}{meaning[1:]}."
