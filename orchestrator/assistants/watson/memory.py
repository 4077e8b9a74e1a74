"""What is kept between the turns of a session, in our session's document: all workers share it.

Watson holds the conversation itself; this is what finds it again, and what restores it where Watson has let go.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True, kw_only=True)
class Memory:
    """`session_id` is Watson's, empty where there is none (yet, or stateless); `context` what its last answer
    held, without what is made anew for each turn.

    `told` are digests of our session's context as far as Watson knows it, `once` the variables that were
    set for the last turn alone, `ran` digests of the stored commands that were carried out, by their place. `channel`
    is where the last turn was, `as_input` whether a text that comes is to be the input itself, `choices` the
    inputs that the labels of the last lists stand for, `limits` seconds for an answer by channel, `ended` what to tell
    of a call that ended while texts went on.
    """

    session_id: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    once: list[str] = field(default_factory=list)
    ran: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    as_input: bool = False
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    ended: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Memory:
        """As it was kept. What another release, or another kind of assistant, left is passed over."""
        blank = cls()
        known = {entry.name: stored[entry.name] for entry in fields(cls) if entry.name in stored}
        fitting = {name: value for name, value in known.items() if type(value) is type(getattr(blank, name))}
        return cls(**fitting)

    def kept(self) -> dict[str, Any]:
        """To be kept: what is empty is left out."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: value for name, value in values.items() if value}


def digest(value: Any) -> str:
    """A short mark of a JSON value, by which it is known again."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]
