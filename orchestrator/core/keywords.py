"""Texts that are a word about consent: which words, and how people write them. What follows is in `rules.py`."""

from __future__ import annotations

import unicodedata
from typing import Literal

from orchestrator.core.events import ActionRequested, Event, TextReceived
from orchestrator.core.session import Session
from orchestrator.core.settings import Rules

Keyword = Literal["opt_out", "opt_in", "help"]

OPT_OUT_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "CANCEL", "END", "QUIT"})
OPT_IN_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
ORDINARY_WHEN_RELAXED = frozenset({"CANCEL", "END", "QUIT", "INFO"})
"""Words that people also answer with; `keywords_in_dialogue: relaxed` reads them as text while we wait."""

_IGNORABLE = (
    ("\u034f", "\u034f"),
    ("\u115f", "\u1160"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\u2065", "\u2065"),
    ("\u2800", "\u2800"),  # the empty braille cell: not ignorable by name, but nothing is seen of it
    ("\u3164", "\u3164"),
    ("\ufe00", "\ufe0f"),
    ("\uffa0", "\uffa0"),
    ("\ufff0", "\ufff8"),
    ("\U000e0000", "\U000e0fff"),
)
"""Default ignorable code points that are no format characters (Unicode, DerivedCoreProperties.txt)."""
_TYPED: dict[str, Keyword] = {"STOP": "opt_out", "START": "opt_in", "HELP": "help"}


def keyword(event: TextReceived, session: Session, rules: Rules) -> Keyword | None:
    """The keyword that the text is, or None. The carrier's own verdict (`OptOutType`) beats the body."""
    if event.opt_out_type:
        return _TYPED[event.opt_out_type]
    word = _bare(event.body).upper()
    relaxed = rules.messaging is not None and rules.messaging.keywords_in_dialogue == "relaxed"
    if relaxed and session.thread_state == "awaiting_reply" and word in ORDINARY_WHEN_RELAXED:
        return None
    if word in OPT_OUT_WORDS:
        return "opt_out"
    if word in OPT_IN_WORDS and session.consent == "opted_out":
        return "opt_in"
    return "help" if word in HELP_WORDS else None


def may_opt_out(event: Event) -> bool:
    """Whether the event opts out by any reading, so that nothing may leave before it is worked off."""
    if isinstance(event, ActionRequested):
        return event.action == "opt_out"
    if not isinstance(event, TextReceived):
        return False
    if event.opt_out_type:
        return event.opt_out_type == "STOP"
    return _bare(event.body).upper() in OPT_OUT_WORDS


def _bare(body: str) -> str:
    """The body without what nobody sees, and without the blanks and punctuation around it."""
    seen = "".join(char for char in body if not _is_invisible(char))
    start, end = 0, len(seen)
    while start < end and unicodedata.category(seen[start])[0] in "PZC":
        start += 1
    while end > start and unicodedata.category(seen[end - 1])[0] in "PZC":
        end -= 1
    return seen[start:end]


def _is_invisible(char: str) -> bool:
    """Format characters, and what Unicode calls default ignorable besides them: phones put variation
    selectors and joiners behind words without anybody having typed them.
    """
    if char.isascii():
        return False
    return unicodedata.category(char) == "Cf" or any(first <= char <= last for first, last in _IGNORABLE)
