"""What is kept between the turns of a session, in our session's document: all workers share it.

The conversation as the model sees it, turn by turn: a turn's first message is what happened, the others are the
model's words, its calls and their results. A turn is kept or dropped whole, so that no result is without its call.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
_ROLES = frozenset({"user", "assistant", "tool"})
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_CHARACTERS = 4
"""Bytes of UTF-8 that a token stands for, about: English is at 4, other languages below."""


@dataclass(slots=True, kw_only=True)
class Memory:
    """`turns` are messages; `notes` what happened since, without the model being asked; `asked` counts the turns
    that it was asked, `tokens` what they cost.
    """

    turns: list[list[Message]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asked: int = 0
    tokens: int = 0

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Memory:
        """As it was kept. What another release, or another kind of assistant, left is passed over."""
        turns, notes = stored.get("turns"), stored.get("notes")
        return cls(
            turns=[[dict(each) for each in turn] for turn in turns if _is_turn(turn)]
            if isinstance(turns, list)
            else [],
            notes=[note for note in notes if isinstance(note, str)] if isinstance(notes, list) else [],
            asked=_count(stored.get("asked")),
            tokens=_count(stored.get("tokens")),
        )

    def kept(self) -> dict[str, Any]:
        """To be kept."""
        return {"turns": self.turns, "notes": self.notes, "asked": self.asked, "tokens": self.tokens}

    def messages(self) -> list[Message]:
        """The conversation so far, in order."""
        return [message for turn in self.turns for message in turn]

    def add(self, turn: list[Message], *, turns: int, tokens: int) -> None:
        """One more turn; the oldest go, so that at most `turns` are kept and about `tokens` (0: any number)."""
        self.turns = [*self.turns, turn][-turns:] if turns else []
        while tokens and self.turns and estimated(self.messages()) > tokens:
            del self.turns[0]

    def cut(self, heard: str) -> None:
        """The caller cut the last answer short, having heard `heard`: the rest was never said."""
        if not self.turns:
            return
        spoken = [message for message in self.turns[-1] if _speaks(message)]
        left = _reach(" ".join(message["content"] for message in spoken), heard)
        for message in spoken:
            words = message["content"]
            message["content"] = words[:left].rstrip()
            left = max(0, left - len(words) - 1)
        self.turns[-1] = [
            message
            for message in self.turns[-1]
            if message not in spoken or message["content"] or _calls(message)
        ]


def estimated(messages: list[Message]) -> int:
    """About how many tokens messages are."""
    return sum(len(json.dumps(each, ensure_ascii=False).encode()) for each in messages) // _CHARACTERS


def _reach(words: str, heard: str) -> int:
    """How many characters of `words` the caller heard. `heard` may begin before them, with words that the model
    has not said, or be a part out of their middle.
    """
    spans = [(found[0].lower(), found.end()) for found in _WORD.finditer(words)]
    ours, theirs = [word for word, _ in spans], [found[0].lower() for found in _WORD.finditer(heard)]
    count = next((n for n in range(min(len(ours), len(theirs)), 0, -1) if ours[:n] == theirs[-n:]), 0)
    if not count and theirs:
        size = len(theirs)
        starts = (n for n in range(len(ours) - size, -1, -1) if ours[n : n + size] == theirs)
        count = next((start + size for start in starts), 0)
    if count == len(spans):
        return len(words)
    end = spans[count - 1][1] if count else 0
    whole = heard.rstrip()[-1:] in set(".,;:!?")
    return end + 1 if count and whole and words[end : end + 1] == heard.rstrip()[-1] else end


def _speaks(message: Message) -> bool:
    return message.get("role") == "assistant" and bool(message.get("content"))


def _calls(message: Message) -> bool:
    return bool(message.get("tool_calls"))


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, list) and all(
        isinstance(message, dict) and message.get("role") in _ROLES for message in turn
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
