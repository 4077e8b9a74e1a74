"""What addresses take: the queries of the API. These models check them and describe them in `/openapi.json`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from orchestrator.core.session import Word

LINE = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
"""The id of a line in a session's timeline."""
PLACE = re.compile(r"[0-9]{1,15}-[0-9]{1,6}-[0-9]{1,19}")
"""The id of an event among those of all sessions."""
_ZONE = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d\S*) (\d\d:?\d\d)")
STATES: tuple[str, ...] = tuple(word for word in get_args(Word) if word != "idle")
"""States that a stored session can have."""


class Query(BaseModel):
    """A request's query. A parameter that is none of ours is refused: a filter with a typing error would give the whole
    list, and look as if it had worked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _split(value: Any) -> Any:
    """Repeated, or with commas."""
    given = [value] if isinstance(value, str) else value
    return [word.strip() for entry in given for word in entry.split(",") if word.strip()]


def _compact(text: str) -> str:
    """A number as people write it, as it is stored; a plus sign becomes a blank in an address."""
    written_as_number = set(text) <= set("+0123456789 -().")
    return "".join(char for char in text if char in "+0123456789") if written_as_number else text.strip()


def _line(cursor: str) -> str:
    if cursor and not LINE.fullmatch(cursor):
        raise ValueError("`next_cursor` of the page before")
    return cursor


def _place(cursor: str) -> str:
    if cursor and not PLACE.fullmatch(cursor):
        raise ValueError("the id of an event")
    return cursor


def _moment(given: str) -> str:
    """A moment as RFC 3339 writes it, or a day; a zone's plus sign becomes a blank in an address."""
    if not given[:5].endswith("-"):
        raise ValueError("a moment such as 2026-01-31T12:00:00Z")
    return _ZONE.sub(r"\1+\2", given)


Moment = Annotated[datetime, BeforeValidator(_moment)]
State = Literal[
    "dialing", "transferring", "awaiting_text", "in_call_and_text", "in_call", "text_only", "ended"
]
Cursor = Annotated[str, Field(max_length=200, description="`next_cursor` of the page before")]


class ListSessions(Query):
    """Which sessions."""

    state: Annotated[
        list[State],
        BeforeValidator(_split),
        Field(description="repeated, or with commas; `ended` only if named"),
    ] = []
    assistant: str = Field("", max_length=200)
    q: Annotated[str, AfterValidator(_compact), Field(description="a part of the number or of the id")] = (
        Field("", max_length=200)
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: Cursor = ""


class ListEvents(Query):
    """Which part of a timeline."""

    limit: int = Field(200, ge=1, le=1000)
    cursor: Annotated[str, AfterValidator(_line)] = Field(
        "", max_length=200, description="`next_cursor` of the page before, or the id of a line"
    )


class ListAllEvents(Query):
    """Which events of all sessions, and after which."""

    type: Annotated[
        list[str], BeforeValidator(_split), Field(description="kinds of lines: repeated, or with commas")
    ] = []
    session_id: str = Field("", max_length=64)
    cursor: Annotated[str, AfterValidator(_place)] = Field(
        "", max_length=64, description="the id of the last event that was seen, as `Last-Event-ID`"
    )


class ListRecords(Query):
    """Which detail records, and how they are written."""

    kind: Annotated[Literal["call", "text", "session"], Field(description="`call`, `text` or `session`")] = (
        "session"
    )
    format: Annotated[Literal["json", "csv"], Field(description="`json` or `csv`")] = "json"
    assistant: str = Field("", max_length=200)
    q: Annotated[str, AfterValidator(_compact), Field(description="a part of the number or of the id")] = (
        Field("", max_length=200)
    )
    since: Moment | None = Field(
        None, description="from this moment on, RFC 3339; UTC unless it says otherwise"
    )
    until: Moment | None = Field(None, description="before this moment")
    limit: int = Field(100, ge=1, le=1000)
    cursor: str = Field("", max_length=400, description="`next_cursor` of the page before")


class ListRefusals(Query):
    """Which part of the refusals."""

    limit: int = Field(50, ge=1, le=200)
    cursor: Cursor = ""


class ListLetters(Query):
    """How many dead letters."""

    limit: int = Field(100, ge=1, le=1000)


class OfAssistant(Query):
    """Which assistant; all of them unless named."""

    assistant: str = Field("", max_length=200)


class GetMedia(Query):
    """Which picture or sound."""

    assistant: str = Field(max_length=200, description="whose text it came with")
    url: str = Field(max_length=2000, description="`url` of an entry of `input.media`")


class ListOptOuts(Query):
    """Whose opt-outs, and how they are written."""

    assistant: str = Field("", max_length=200)
    format: Annotated[Literal["json", "csv"], Field(description="`json` or `csv`")] = "json"
    limit: int = Field(100, ge=1, le=1000)
    cursor: Cursor = ""


class Erase(Query):
    """What may be forgotten."""

    forget_opt_out: bool = Field(default=False, description="also forget that the customer opted out")
