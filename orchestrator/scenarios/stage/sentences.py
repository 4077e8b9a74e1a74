"""What the carrier observed, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orchestrator.scenarios.stage.words import quoted

PLAIN = frozenset({"turn_asked", "turn_answered", "text_queued", "speech_heard", "digits_pressed"})
"""Lines of the timeline that other sentences tell."""
KINDS = {"heard": "heard", "received": "text", "fault": "fault"}
SENTENCES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "call_started": lambda who, data: (
        f"{who} calls" if data["direction"] == "inbound" else f"a call to {who} begins"
    ),
    "ringing": lambda who, _: f"{who}'s phone rings",
    "call_answered": lambda who, _: f"{who} is on the phone",
    "call_ended": lambda who, data: f"{who}'s call is over ({data['status']})",
    "heard": lambda who, data: f"{who} hears {quoted(data['text'])}",
    "said": lambda who, data: f"{who} says {quoted(data['text'])}",
    "pressed": lambda who, data: f"{who} presses {data['text']}",
    "silent": lambda who, _: f"{who} stays silent",
    "texted": lambda who, data: f"{who} texts {quoted(data['text'])}",
    "received": lambda who, data: f"{who} receives {quoted(data['text'])}",
    "fault": lambda _, data: f"the carrier reports {data['what']}",
}
