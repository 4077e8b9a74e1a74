"""The sections of a file, and the rules of `never`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from config.hours import hours
from config.values import duration, text, word
from orchestrator.core.session import Consent
from orchestrator.scenarios.format.grammar.checks import STATES
from orchestrator.scenarios.format.kinds import caller, moment, one_of, segments, words
from orchestrator.scenarios.format.shapes import (
    Audience,
    Data,
    Entry,
    Fields,
    Free,
    Matching,
    Nothing,
    Several,
    Shape,
)
from orchestrator.scenarios.play import RuleKind


@dataclass(frozen=True, slots=True)
class Never:
    """One rule of `never`. `phrase` may hold `N`, a number."""

    phrase: str
    kind: RuleKind
    shape: Shape
    meaning: str
    example: str


# fmt: off
RULES: Final[tuple[Never, ...]] = (
    Never("a text contains", "a text contains", Matching(), "No text has these words in it.", 'a text contains: "<"'),
    Never("a text is longer than", "a text is longer than", segments(), "No text counts for more segments.", "a text is longer than: 2 segments"),
    Never("a text is sent to", "a text is sent to", Audience(), "No text goes to them.", "a text is sent to: anyone but Ana"),
    Never("a text is sent between", "a text is sent between", hours(), "No text goes out at these times of day.", "a text is sent between: 21:00-08:00"),
    Never("something is said containing", "something is said containing", Matching(), "Nothing said in a call has these words in it.", "something is said containing: http"),
    Never("state", "state", Several(STATES), "The session is never so.", "state: transferring"),
    Never("two calls are live", "two calls are live", Nothing(), "No customer has two live calls.", "two calls are live"),
    Never("the bot is asked anything", "the bot is asked anything", Nothing(), "No turn is asked.", "the bot is asked anything"),
    Never("a session is lost", "a session is lost", Nothing(), "No open session disappears without having ended.", "a session is lost"),
    Never("more than N texts in", "more texts than", duration("1s"), "No customer gets more texts of ours in that time.", "more than 3 texts in: 1m"),
)
# fmt: on

GIVEN: Final = Fields(
    {
        "context": Entry(Data(), "what the first session's context holds"),
        "consent": Entry(one_of("a state of consent", *get_args(Consent)), "what every person has said"),
        "session": Entry(
            one_of("a session to start from", "text_only"), "`text_only`: we have written to the first person"
        ),
    }
)
SECTIONS: Final[dict[str, tuple[Shape | str, str]]] = {
    "scenario": (words("a name"), "Its name. Required."),
    "about": (text(), "What it shows, in a sentence."),
    "tags": (Several(word()), "Words to choose scenarios by: `tandem test --tag smoke`."),
    "people": (Free(caller()), "Each person's name and phone number, or `withheld` for who shows none."),
    "assistant": (word(), "Which assistant of the configuration; left out: the first."),
    "clock": (moment(), "When it begins; left out: 2026-03-02 09:00 UTC."),
    "settings": (
        "settings",
        "Keys of the configuration that are otherwise here, such as `messaging.text_reply_timeout`.",
    ),
    "given": (GIVEN, "How things stand before the first line."),
    "steps": ("steps", "What happens and what is checked, a line each. Required."),
    "finally": ("finally", "What holds after the last line, as in `expect`."),
    "never": ("never", "What must not happen at any time, a line each."),
    "examples": (
        "examples",
        "A list of mappings: the scenario runs once for each, with `<key>` replaced by its value.",
    ),
    "skip": (words("a reason"), "Why it is not run."),
    "expected to fail": (words("a reason"), "Why it fails for now; passing is then a failure."),
}  # fmt: skip - as above
"""The sections in reading order, with their shape, or the name of the part of the reader that knows it."""
REQUIRED: Final = ("scenario", "steps")
