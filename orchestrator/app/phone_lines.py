"""What a phone of the built-in carrier has seen, as lines for people: out of the carrier's observations, and of
the texts that got lost on their way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from channels.simulator.app import Simulator
from channels.simulator.records import Message, Observation
from orchestrator.ports.simulation import PhoneLine

ENDS = {
    "completed": "call over",
    "busy": "call declined",
    "no-answer": "call not picked up",
    "failed": "call failed",
    "canceled": "call given up",
}
Lane = Literal["voice", "sms"]
Who = Literal["bot", "customer", "note", "trouble"]
SPOKEN: dict[str, tuple[Lane, Who]] = {
    "heard": ("voice", "bot"),
    "said": ("voice", "customer"),
    "received": ("sms", "bot"),
    "texted": ("sms", "customer"),
}
NOTES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "call_started": lambda data: "calling" if data.get("direction") == "inbound" else "incoming call",
    "call_answered": lambda _: "call is up",
    "call_ended": lambda data: ENDS.get(str(data.get("status")), "call ended"),
    "pressed": lambda data: f"keys {data['text']}",
    "silent": lambda _: "silence",
    "dialed": lambda data: f"put through: {data.get('status')}",
    "referred": lambda data: f"handed over: {data.get('status')}",
}
"""Kinds of observations that are told without being words of anybody."""
TAKEN = {True: "taken", False: "not_taken", None: ""}


def lines_of(carrier: Simulator, number: str) -> list[PhoneLine]:
    """Everything that this phone has seen, and which texts to it got lost, in the order that it happened."""
    texts = {text.sid: text for text in carrier.messages if number in (text.to, text.sender)}
    first = carrier.happened - len(carrier.events)
    seen = [
        line
        for place, what in enumerate(carrier.events, 1)
        if what.number == number and (line := _line(carrier, first + place, what, texts)) is not None
    ]
    lost = [_lost(text) for text in texts.values() if text.to == number and _is_lost(text)]
    return sorted([*seen, *lost], key=lambda line: line.at)


def _line(
    carrier: Simulator, place: int, seen: Observation, texts: Mapping[str, Message]
) -> PhoneLine | None:
    data = seen.data
    if seen.kind in SPOKEN:
        return _spoken(carrier, place, seen, texts.get(str(data.get("sid", ""))))
    if seen.kind == "refused":
        words = f"a text was refused at once: {data['code']}"
        return _trouble(f"e{place}", seen.at, words, data["code"], data["text"])
    telling = NOTES.get(seen.kind)
    if telling is None:
        return None
    return PhoneLine(id=f"e{place}", at=seen.at, lane="voice", who="note", text=telling(data))


def _spoken(carrier: Simulator, place: int, seen: Observation, text: Message | None) -> PhoneLine:
    data = seen.data
    lane, who = SPOKEN[seen.kind]
    sound = str(data.get("sound", "say"))
    pictures = {
        address: found.sid for address in data.get("media", ()) if (found := carrier.picture(address))
    }
    return PhoneLine(
        id=f"e{place}",
        at=seen.at,
        lane=lane,
        who=who,
        text=str(data.get("text", "")),
        media=tuple(address for address in data.get("media", ()) if address not in pictures),
        pictures=tuple(pictures.values()),
        status=_status(text),
        by_carrier=bool(data.get("by_carrier")) or sound == "carrier",
        is_sound=sound == "play",
    )


def _status(text: Message | None) -> str:
    if text is None:
        return ""
    return TAKEN[text.is_taken] if text.direction == "inbound" else text.status


def _is_lost(text: Message) -> bool:
    return text.status in {"undelivered", "failed"}


def _lost(text: Message) -> PhoneLine:
    words = f"a text did not arrive: {text.error_code or text.status}"
    return _trouble(f"m{text.sid}", text.updated_at, words, text.error_code or 0, text.body)


def _trouble(id_: str, at: float, words: str, code: int, about: str) -> PhoneLine:
    return PhoneLine(id=id_, at=at, lane="sms", who="trouble", text=words, code=code, about=about)
