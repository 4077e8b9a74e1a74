"""What the model is told: its task, how to speak on this channel, where the conversation stands, what happened.

Facts of ours stand in square brackets; what the customer said or wrote stands as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VOICE_STYLE = (
    "You are on the phone: your words are spoken. Answer in one or two short sentences, in plain spoken language, "
    "without lists, links, emoji or markup; spell out what is hard to hear. Ask one thing at a time."
)
SMS_STYLE = (
    "You write a text message (SMS): plain text without Markdown, at most 300 characters unless more is needed; "
    "links may be written out."
)
_TASK = "You answer the customers of a company."
_HOUSE = (
    "You talk with one customer, over the phone and by text message (SMS), in one conversation. Lines in square "
    "brackets tell what happened; they come from the telephone system, not from the customer. What is to be done "
    "is done by the tools; say nothing of having done what no tool has done."
)
_EVENTS = {
    "call_started": "A call begins ({direction}). Nothing has been said yet: you speak first.",
    "text_reply": "The customer sent a text message during the call:",
    "text_failed": "Your text could not be delivered: {reason} ({code}).",
    "text_reply_timeout": "The text that you asked for has not come in time.",
    "reply_by_voice": "Your text did not come or got no reply ({reason}); the caller was asked by voice, and answers:",
    "no_input": "The caller says nothing.",
    "call_failed": "Our call reached nobody: {reason}.",
    "transfer_failed": "Nobody took the transfer: {reason}. The caller is on the line again.",
    "session_started": "A conversation by text begins. Nothing has been written yet: you write first.",
    "session_timeout": "The customer has been silent for long: the conversation ends.",
    "call_ended": "The call is over: {reason}.",
    "resume": "Go on.",
    "released": "A human answered in your place, and gives the conversation back to you. What was said meanwhile: {said}",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """`task` is the operator's own prompt; the styles are how to speak and how to write."""

    task: str = ""
    voice_style: str = VOICE_STYLE
    sms_style: str = SMS_STYLE

    def system(self, request: Mapping[str, Any], now: float) -> str:
        """The system message of a turn: what stays the same stands first."""
        return "\n\n".join((self.task or _TASK, _HOUSE, self._style(request), _scene(request, now)))

    def _style(self, request: Mapping[str, Any]) -> str:
        styles = {"voice": self.voice_style, "sms": self.sms_style}
        channels = request["reply_on"] or [request["channel"]]
        return "\n".join(styles[channel] for channel in ("voice", "sms") if channel in channels)


def _scene(request: Mapping[str, Any], now: float) -> str:
    facts = {
        "now": datetime.fromtimestamp(now, UTC).strftime("%A, %Y-%m-%d %H:%M UTC"),
        "state": request["state"],
        "allowed": list(request["allowed"]),
        "context": request["context"],
    }
    return "Where the conversation stands: " + json.dumps(facts, ensure_ascii=False)


def told(request: Mapping[str, Any]) -> str:
    """The turn in words: what happened, and what the customer said."""
    given, event = request["input"], request["event"]
    lines = [f"[{line}]" for line in _facts(request)]
    if given["type"] == "dtmf":
        lines.append(f"[The caller pressed keys:] {given['text']}")
    elif given["text"]:
        lines.append(given["text"])
    lines += [f"[A file came with it: {media['content_type']}]" for media in given["media"]]
    return "\n".join(lines) or f"[{event or 'Nothing was said.'}]"


def _facts(request: Mapping[str, Any]) -> list[str]:
    event, data = request["event"], dict(request["event_data"])
    facts = []
    failed = request["last_text_error"]
    if failed and event != "text_failed":
        facts.append(f"An earlier text could not be delivered: {failed['reason']}.")
    if data.get("partial"):
        facts.append(f"The caller was just saying: {data['partial']}")
    if event in _EVENTS:
        facts.append(_EVENTS[event].format_map(_Known(data)))
    elif event:
        facts.append(f"{event}: {json.dumps(data, ensure_ascii=False)}")
    return facts


class _Known(dict[str, Any]):
    """What an event brought; what it did not is unknown."""

    def __missing__(self, _: str) -> str:
        return "unknown"
