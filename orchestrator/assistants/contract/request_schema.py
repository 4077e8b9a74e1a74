"""The JSON Schema of a turn's request. Which fields there are is taken from a request that the house makes;
what each is, from the table here: a field without a line is an error, and so is a line without a field.
"""

from __future__ import annotations

from typing import Any, get_args

from orchestrator.assistants.contract.answer_schema import DRAFT, Schema
from orchestrator.assistants.contract.turns import samples
from orchestrator.core.session import Word
from orchestrator.core.turns import VERSION

EVENTS = (
    "call_started",
    "call_ended",
    "text_reply",
    "text_failed",
    "text_reply_timeout",
    "no_input",
    "call_failed",
    "transfer_failed",
    "session_started",
    "session_timeout",
    "resume",
    "released",
)
"""What causes a turn besides plain input. A later release may know more."""
ACTIONS = ("send_text", "ask_for_text", "say", "switch_channel", "transfer", "hang_up", "set_context", "end")
_TEXT: Schema = {"type": "string"}
_CHANNEL: Schema = {"enum": ["voice", "sms"]}
_NUMBER: Schema = {"type": ["string", "null"], "pattern": r"^\+[1-9]\d{6,14}$"}
_STATES = [word for word in get_args(Word) if word != "idle"]
_FIELDS: dict[str, tuple[Schema, str]] = {
    "version": ({"const": VERSION}, "of this contract"),
    "turn_id": (_TEXT, "names the turn; the same when it is asked again"),
    "session_id": (_TEXT, "names the conversation"),
    "previous_session_id": ({"type": ["string", "null"]}, "the customer's conversation before"),
    "assistant": (_TEXT, "the assistant's name in the configuration"),
    "channel": (_CHANNEL, "where the input came from"),
    "reply_on": ({"type": "array", "items": _CHANNEL}, "where items go that name no channel; none: nowhere"),
    "input.type": ({"enum": ["speech", "dtmf", "text", "media", "none"]}, "what the customer did"),
    "input.text": (_TEXT, "the words, the keys, or the value of the choice that was meant"),
    "input.confidence": (
        {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "how sure the recogniser is",
    ),
    "input.media": (
        {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["url", "content_type"],
                "properties": {"url": _TEXT, "content_type": _TEXT},
            },
        },
        "pictures and sounds that came with a text",
    ),
    "event": (
        {"type": ["string", "null"], "examples": list(EVENTS)},
        "what caused the turn besides plain input; answer one that you do not know with nothing",
    ),
    "event_data": ({"type": "object"}, "the event's facts"),
    "customer.phone_number": (_NUMBER, "null where it is withheld"),
    "assistant_number": ({"type": ["string", "null"]}, "the number of ours that the customer knows"),
    "state": ({"enum": _STATES}, "the session's state, one word"),
    "channels.voice.live": ({"type": "boolean"}, "whether a call is up"),
    "channels.voice.call_sid": ({"type": ["string", "null"]}, "the carrier's id of the present or last call"),
    "channels.voice.direction": ({"enum": ["inbound", "outbound", None]}, "who called"),
    "channels.sms.open": ({"type": "boolean"}, "whether there is a text thread"),
    "channels.sms.can_send": ({"type": "boolean"}, "whether a text can reach the customer"),
    "allowed": ({"type": "array", "items": {"enum": list(ACTIONS)}}, "the actions that the state permits"),
    "context": ({"type": "object"}, "what earlier answers put there"),
    "last_text_error": (
        {
            "type": ["object", "null"],
            "properties": {"code": {"type": "integer"}, "reason": _TEXT, "text_id": _TEXT},
        },
        "the last text that could not be delivered",
    ),
}


def request_schema() -> Schema:
    """The schema, draft 2020-12. Fields that it does not know may be added: pass them over."""
    used: set[str] = set()
    made = _of(samples("schema", 0.0)[0].request, "", used)
    if unused := _FIELDS.keys() - used:
        raise LookupError(f"no request has {', '.join(sorted(unused))}")
    return {"$schema": DRAFT, "title": "A turn", **made}


def _of(value: dict[str, Any], path: str, used: set[str]) -> Schema:
    properties: Schema = {}
    for name, inside in value.items():
        where = f"{path}.{name}".strip(".")
        if where in _FIELDS:
            used.add(where)
            schema, meaning = _FIELDS[where]
            properties[name] = {"description": meaning, **schema}
        elif isinstance(inside, dict):
            properties[name] = _of(inside, where, used)
        else:
            raise LookupError(f"nothing is said of {where}")
    return {"type": "object", "required": list(value), "properties": properties}
