"""What a session is found by: its assistant, number and state, and the newest words of its timeline.

Everything is folded, so that capitals and blanks make no difference. How it is kept and searched is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.core.captions import words_of

WORDS_BOUND = 2_000
"""Bytes of a session's newest words: about thirty utterances, and little beside the timeline itself."""
QUIET = frozenset({"turn_asked", "turn_answered", "context_changed", "event_ignored"})
"""Lines that say too little to stand for a session."""
TROUBLED, CALM = "!", "-"
SAYS_TROUBLE = 2
"""Characters at the beginning of a head that are not to be searched: whether something is wrong, and a tab."""


def folded(text: str) -> str:
    """Text as it is compared."""
    return " ".join(text.casefold().split())


def head_of(summary: Mapping[str, Any]) -> str:
    """The first line, in fields: whether something is wrong, assistant, number, state."""
    number = (summary.get("customer") or {}).get("phone_number") or "withheld"
    state = str(summary.get("state", ""))
    trouble = CALM if summary.get("last_text_error") is None else TROUBLED
    fields = (
        trouble,
        folded(str(summary.get("assistant", ""))),
        number,
        f"{state} {state.replace('_', ' ')}",
    )
    return "\t".join(fields)


def words_in(line: Mapping[str, Any]) -> str:
    """What people read of a timeline line; empty for a quiet one."""
    kind = str(line.get("type", ""))
    if not kind or kind in QUIET:
        return ""
    said = words_of(kind, line.get("data") or {})
    return folded(f"{said.text} {said.detail}")


def is_found(q: str, summary: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a session is found by `q`: by its id, its head, or the newest words of these lines."""
    needle = folded(q)
    if needle in str(summary.get("id", "")).casefold() or needle in head_of(summary)[SAYS_TROUBLE:]:
        return True
    words = "\n".join(filter(None, map(words_in, lines)))
    return needle in words[-WORDS_BOUND:]
