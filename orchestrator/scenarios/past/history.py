"""A session and its timeline, as `GET /api/v1/sessions/{id}` and its `events` give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline; `at` is in Unix seconds."""

    at: float
    type: str
    channel: str
    state: str
    data: Data

    @property
    def words(self) -> str:
        """What was said, written or keyed."""
        found = (self.data[key] for key in ("text", "digits", "pii.text", "pii.digits") if key in self.data)
        return str(next(found, ""))


@dataclass(frozen=True, slots=True)
class History:
    """A session. `number` is the customer's, empty if withheld; `state` how it stands at the end."""

    id: str
    assistant: str
    number: str
    state: str
    lines: tuple[Happened, ...]

    @classmethod
    def of(cls, session: Data, events: Sequence[Data]) -> History:
        """Out of the API's answers. Raises KeyError or ValueError where they are none."""
        lines = tuple(
            Happened(
                datetime.fromisoformat(event["at"]).timestamp(),
                event["type"],
                event["channel"] or "",
                event["state_after"],
                event["data"],
            )
            for event in events
        )
        return cls(
            session["id"],
            session["assistant"],
            session["customer"]["phone_number"] or "",
            session["state"],
            lines,
        )
