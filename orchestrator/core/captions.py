"""What each kind of timeline line says to people: which lane it stands in, who speaks, and the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Lane = Literal["voice", "sms", "both"]
Who = Literal["bot", "customer", "operator", "note", "trouble"]


@dataclass(frozen=True, slots=True)
class Words:
    """A line for eyes. `text` is what was said or happened, `detail` the small print beside it."""

    who: Who
    text: str
    detail: str = ""


Data = dict[str, Any]
Telling = Callable[[Data], Words]


def note(text: str, *facts: str) -> Telling:
    """A line that tells a fact, with these fields of its data beside it."""
    return lambda data: Words("note", text, _facts(data, facts))


def trouble(text: str, *facts: str) -> Telling:
    """A line that tells what went wrong."""
    return lambda data: Words("trouble", text, _facts(data, facts))


def _facts(data: Data, names: tuple[str, ...]) -> str:
    shown = [str(data[name]).replace("_", " ") for name in names if data.get(name) not in {None, "", False}]
    return " · ".join(shown)


def _spoken(data: Data) -> Words:
    confidence = data.get("confidence")
    sure = f"confidence {confidence:.2f}" if isinstance(confidence, int | float) else ""
    return Words("customer", str(data.get("text", "")), sure)


def _text_in(data: Data) -> Words:
    media = data.get("media") or 0
    facts = [f"{media} media" if media else "", "late" if data.get("late") else ""]
    return Words("customer", str(data.get("text", "")) or "(no words)", " · ".join(filter(None, facts)))


def _text_out(data: Data) -> Words:
    segments = data.get("segments")
    size = f"{segments} segment{'' if segments == 1 else 's'} {data.get('encoding', '')}" if segments else ""
    purpose = data.get("purpose")
    facts = [size.strip(), "" if purpose in {None, "answer"} else str(purpose)]
    return Words("bot", str(data.get("text", "")), " · ".join(filter(None, facts)))


def _asked(data: Data) -> Words:
    return Words("note", "assistant is asked", str(data.get("event") or data.get("input_type") or ""))


def _answered(data: Data) -> Words:
    items = ", ".join(map(str, data.get("items") or ())) or "nothing"
    took = data.get("took")
    return Words("note", f"assistant answers: {items}", f"{took} ms" if took is not None else "")


def _refused(data: Data) -> Words:
    said = f"text turned away: {data.get('text', '')}"
    return Words("trouble", said, str(data.get("reason", "")).replace("_", " "))


TELLINGS: dict[str, Telling] = {
    "session_opened": note("session opens"),
    "session_ended": note("session ends"),
    "call_started": note("call starts", "direction", "call_sid"),
    "call_placed": note("carrier rings the customer", "call_sid"),
    "call_ended": note("call ends", "reason"),
    "call_failed": trouble("call reached nobody", "reason"),
    "call_looked_up": note("call is looked up at the carrier", "call_sid"),
    "said": lambda data: Words("bot", str(data.get("text", ""))),
    "speech_heard": _spoken,
    "digits_pressed": lambda data: Words("customer", f"keys {data.get('digits', '')}"),
    "silence": note("silence", "silent_turns"),
    "filler_said": note("filler: the assistant needs longer"),
    "answer_cut": note("answer cut short by the caller"),
    "answer_dropped": trouble("answer not said", "reason"),
    "input_dropped": trouble("input passed over", "reason"),
    "text_received": _text_in,
    "text_queued": _text_out,
    "text_asked": note("waits for a text", "keep_as"),
    "asked_by_voice": note("asked by voice instead", "keep_as", "reason"),
    "answer_mismatched": lambda data: Words("customer", str(data.get("text", "")), "does not fit"),
    "questions_dropped": note("questions not asked any more", "questions"),
    "text_failed": trouble("text not delivered", "code", "reason"),
    "text_found": note("text was taken after all"),
    "text_refused": _refused,
    "text_mismatched": lambda data: Words("customer", str(data.get("text", "")), "does not fit"),
    "text_dropped": trouble("texts dropped", "reason"),
    "keyword_received": note("keyword"),
    "consent_changed": note("consent", "consent", "by"),
    "turn_asked": _asked,
    "turn_answered": _answered,
    "taken_over": note("a human answers", "by"),
    "released": note("the assistant answers again", "by"),
    "turn_withheld": note("assistant is not asked: a human answers", "event"),
    "turn_failed": trouble("assistant failed", "reason", "detail", "part"),
    "timer_fired": note("timer", "name"),
    "channel_switched": note("channel changes", "to"),
    "transfer_failed": trouble("transfer failed", "reason"),
    "item_skipped": trouble("item skipped", "response_type", "reason", "part"),
    "action_taken": note("operator", "action", "actor"),
    "event_ignored": note("ignored", "event", "reason"),
    "context_changed": note("context changes"),
}
"""Every kind that has words of its own; any other is told by its name and its data."""


def words_of(kind: str, data: Data) -> Words:
    """The words of a line."""
    telling = TELLINGS.get(kind)
    if telling is not None:
        return telling(data)
    facts = " · ".join(
        f"{name} {value}" for name, value in data.items() if not isinstance(value, dict | list)
    )
    return Words("trouble" if kind.endswith("_failed") else "note", kind.replace("_", " "), facts)
