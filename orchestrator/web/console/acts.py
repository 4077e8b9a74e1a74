"""What the Phone page's script may ask for: the fields of each request and their bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from orchestrator.assistants.items.fields import PHONE
from orchestrator.ports.simulation import WITHHELD
from orchestrator.web.api.requests import Form

MOST_PICTURES = 10
"""Of one text (Twilio: media of a message)."""


def _caller(value: Any) -> Any:
    if value == WITHHELD:
        return value
    if not isinstance(value, str):
        raise ValueError("a string")  # noqa: TRY004 - pydantic reports ValueErrors
    return PHONE.read(value)


Caller = Annotated[str, BeforeValidator(_caller)]
"""A number, or the carrier's word for one that is withheld."""
PictureId = Annotated[str, Field(pattern="^ME[0-9a-f]{32}$")]


class Act(Form):
    """What a phone does."""

    number: Caller
    assistant: str = Field("", max_length=200)
    action: Literal["call", "say", "press", "stay_silent", "hang_up", "drop", "answer", "decline", "text"]
    words: str = Field("", max_length=1_000)
    keys: str = Field("", max_length=100, pattern="^[0-9*#]*$")
    body: str = Field("", max_length=1_600)
    pictures: list[PictureId] = Field([], max_length=MOST_PICTURES)

    def missing(self) -> str:
        """The field that the action cannot be done without and has not; empty where nothing is missing."""
        needed = {"say": self.words, "press": self.keys, "text": self.body or " ".join(self.pictures)}
        named = {"say": "words", "press": "keys", "text": "body"}
        is_there = self.action not in needed or bool(needed[self.action].strip())
        return "" if is_there else named[self.action]


class NewPerson(Form):
    """One more customer; `anonymous` for one whose number is withheld."""

    number: Caller
    name: str = Field("", max_length=40)


class Fault(Form):
    """How the next text fares: it fails with a code, or what is told of it comes late."""

    code: int = Field(0, ge=0, le=99_999)
    late: float = Field(0.0, ge=0.0, le=3_600.0)


class Move(Form):
    """How far time moves: by seconds, or to the next timer of a customer's session."""

    seconds: float = Field(0.0, ge=0.0, le=7 * 86_400.0)
    number: Caller | Literal[""] = ""
    assistant: str = Field("", max_length=200)
