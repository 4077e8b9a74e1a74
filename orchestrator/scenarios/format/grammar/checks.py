"""What may be checked: the keys of `expect` and `finally`, and the matchers of words."""

from __future__ import annotations

from typing import Final, get_args

from config.values import choice, duration, whole, word
from orchestrator.assistants.scripted.model import EVENTS as ASKING
from orchestrator.core.notes import NoteKind
from orchestrator.core.session import Consent, ThreadState, Word
from orchestrator.scenarios.format.kinds import encoding, one_of, segments
from orchestrator.scenarios.format.shapes import (
    Entry,
    Fields,
    Flag,
    Free,
    Matching,
    Otherwise,
    Person,
    Several,
)
from orchestrator.scenarios.play import MatchKind

EXPECT: Final = "expect"
TIMERS: Final = ("text_reply", "reminder", "session")
"""The timers that people see."""
EVENTS: Final[tuple[str, ...]] = get_args(NoteKind)
"""What stands on a session's timeline."""
HAPPENINGS: Final = (*EVENTS, *(event for event in ASKING if event not in EVENTS))
"""What `event` may name: a line of the timeline, or an event that the bot was asked about."""
CALL_STATES: Final = {
    "dialing": "ringing",
    "listening": "live",
    "thinking": "live",
    "transferring": "live",
    "ended": "none",
}
"""The states of the call's machine, and the word of three that people see."""
STATES = one_of("a state", *get_args(Word))
TEXT_SENT = Fields(
    {
        "to": Entry(Person(), "who got it"),
        "words": Entry(Matching(), "its words"),
        "segments": Entry(segments(), "what it counts for at the carrier"),
        "encoding": Entry(encoding(), "how the carrier counts it: the alphabet of GSM-7, or UCS-2"),
        "status": Entry(
            choice("queued", "sent", "delivered", "undelivered", "failed"), "what the carrier says of it"
        ),
    },
    alone="words",
)
ASKED = Fields(
    {
        "by": Entry(
            one_of("a way", "voice", "text", "event", others={"sms": "text", "speech": "voice"}),
            "voice, text (wherever the input was one) or event",
        ),
        "words": Entry(Matching(), "the input's words"),
    },
    alone="words",
)
HAPPENED = Fields(
    {
        "name": Entry(
            one_of("an event", *HAPPENINGS, others={"text_sent": "text_queued"}),
            "what it is called on the timeline, or in the turn that asked the bot about it",
        ),
        "reason": Entry(word(), "the reason that stands with it"),
    },
    alone="name",
)
CHECKS: Final[dict[str, Entry]] = {
    "state": Entry(Several(STATES), "the session's word, or a list of words it may be"),
    "call": Entry(one_of("a word for a call", "none", "ringing", "live", others=CALL_STATES), "the call"),
    "thread": Entry(one_of("a state of the thread", *get_args(ThreadState)), "the text thread"),
    "consent": Entry(one_of("a state of consent", *get_args(Consent)), "the customer's consent to texts"),
    "context": Entry(Free(Matching(presence=True)), "keys of the context: words, `absent` or `present`"),
    "timers": Entry(
        Otherwise("none", {}, Free(duration(), TIMERS)), "every timer that runs with the time left, or `none`"
    ),
    "texts": Entry(whole(0, 9999), "texts that we sent so far"),
    "text": Entry(TEXT_SENT, "the last text sent"),
    "said": Entry(Matching(), "the last words said in the call"),
    "bot was asked": Entry(
        Otherwise("nothing", None, ASKED), "the last question to the bot since the last acting line"
    ),
    "event": Entry(
        HAPPENED,
        "happened since the last acting line: it stands on the timeline, or the bot was asked about it",
    ),
    "sessions": Entry(whole(0, 9999), "sessions that are open"),
    "nothing": Entry(Flag(), "no effect at all since the last acting line"),
    "within": Entry(duration("0s"), "the rest may become true in that time"),
}
"""What `expect` and `finally` may hold."""

MATCHERS: Final[dict[MatchKind, str]] = {
    "contains": "the words are in it",
    "starts with": "it begins so",
    "matches": "a regular expression between slashes is found in it",
    "one of": "it is one of a list",
    "about": "it is nearly that: at most 20 % of the words wrong, missing or added",
}
