"""What a script is once it has been read: named steps of numbered operations.

A place in the dialogue is a step's name and the number of an operation, so that it can be kept in
the session and found again by any worker. How a script is written stands in `compile.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.assistants.scripted.conditions import Condition

Data = Any
"""Plain data out of a script: text, lists, objects with text keys, None."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in the file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Emit:
    """Response items, as JSON with placeholders. Of several `variants` one is taken."""

    variants: tuple[tuple[dict[str, Data], ...], ...]
    pick: Literal["one", "random", "in_turn"] = "one"


@dataclass(frozen=True, slots=True)
class Put:
    """Context to merge; None deletes."""

    values: dict[str, Data]


@dataclass(frozen=True, slots=True)
class Branch:
    """Go on here if the condition holds, else at operation `otherwise`."""

    when: Condition
    otherwise: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Go on at operation `to` of the same step."""

    to: int


@dataclass(frozen=True, slots=True)
class Go:
    """Go on at another step. `leave` forgets where an interlude came from."""

    step: str
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Run another step and come back."""

    step: str


@dataclass(frozen=True, slots=True)
class Return:
    """Back to where the visit came from."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Ask the question again that an interlude interrupted."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The dialogue is over; the next input begins it anew."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What an answer must be: `like` names a check of `slots.py`, `pattern` is one more."""

    keep_as: str
    like: str = "any"
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """The customer has the floor. The answer is found by the first of `slot`, `options`, `rules`.

    `prompt` is the operation that asks again. `late` and `failed` are for a text that was asked for.
    """

    kind: Literal["listen", "ask", "choose", "text"]
    prompt: int
    rules: tuple[tuple[Condition, int], ...] = ()
    otherwise: int | None = None
    slot: Slot | None = None
    options: tuple[tuple[str, int], ...] = ()
    retry: str = ""
    tries: int = 3
    give_up: str = ""
    late: str = ""
    failed: str = ""


Op = Emit | Put | Branch | Jump | Go | Visit | Return | Repeat | Finish | Wait


@dataclass(slots=True)
class Step:
    """A named step: operations, and where each was written."""

    name: str
    spot: Spot
    ops: list[Op] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    interlude: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script. `anytime` are interludes with their conditions, `events` those for events."""

    start: str
    steps: dict[str, Step]
    anytime: tuple[tuple[Condition, str], ...] = ()
    events: dict[str, str] = field(default_factory=dict)
    fallback: str = ""
    path: str = ""
    lines: tuple[str, ...] = ()


EVENTS = (
    "call_started",
    "call_ended",
    "call_failed",
    "text_reply",
    "text_failed",
    "text_reply_timeout",
    "reply_by_voice",
    "no_input",
    "transfer_failed",
    "session_started",
    "session_timeout",
    "resume",
    "released",
)
"""What causes a turn besides plain input."""
