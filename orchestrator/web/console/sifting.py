"""What a live page shows: its filter, as the address says it, and whether a session fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from orchestrator.core.sought import is_found
from orchestrator.web.api.queries import STATES

STATES_OF_LIVE = tuple(state for state in STATES if state != "ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a page shows. `q`: a part of what a session is found by (`orchestrator.core.sought`)."""

    q: str = ""
    assistant: str = ""
    state: str = ""
    problems: bool = False
    cursor: str = ""

    @classmethod
    def of(cls, request: Request) -> Filter:
        """As the address of the page says."""
        query = request.query_params
        state = query.get("state", "")
        return cls(
            q=compacted(query.get("q", "").strip()[:200]),
            assistant=query.get("assistant", "")[:200],
            state=state if state in STATES else "",
            problems=query.get("problems", "") in {"1", "on", "true"},
            cursor=query.get("cursor", "")[:200],
        )

    @property
    def states(self) -> tuple[str, ...]:
        """The states that are asked for: those that live, all where what ended is searched, or the one chosen."""
        if self.state:
            return (self.state,)
        word = self.q.casefold()
        return STATES if len(word) > 2 and "ended".startswith(word) else ()

    @property
    def narrows(self) -> bool:
        """Whether the page shows anything else than the newest sessions of all."""
        return bool(self.q or self.assistant or self.state or self.problems or self.cursor)

    @property
    def asked(self) -> dict[str, Any]:
        """As the store's lists are asked."""
        wanted = {"states": self.states, "assistant": self.assistant, "problems": self.problems}
        return {**wanted, "q": self.q, "anywhere": True}

    def query(self, **other: str) -> str:
        """As a part of an address; `other` in the place of what it says."""
        mine = {
            "q": self.q,
            "assistant": self.assistant,
            "state": self.state,
            "problems": "1" if self.problems else "",
        }
        return urlencode({name: value for name, value in {**mine, **other}.items() if value})


def compacted(text: str) -> str:
    """A number as people write it, as it is stored; anything else as it is."""
    is_number = set(text) <= set("+0123456789 -().")
    return "".join(char for char in text if char in "+0123456789") if is_number else text


def is_problem(summary: dict[str, Any]) -> bool:
    """Whether something is wrong in a session that an operator may want to see."""
    return summary.get("last_text_error") is not None


def may_fit(summary: dict[str, Any], chosen: Filter) -> bool:
    """Whether a session belongs on a page, whatever was said in it."""
    if chosen.problems and not is_problem(summary):
        return False
    if chosen.assistant and summary["assistant"] != chosen.assistant:
        return False
    return summary["state"] in (chosen.states or STATES_OF_LIVE)


def fits(summary: dict[str, Any], tail: Sequence[dict[str, Any]], chosen: Filter) -> bool:
    """Whether a session belongs on a page."""
    return may_fit(summary, chosen) and (not chosen.q or is_found(chosen.q, summary, tail))
