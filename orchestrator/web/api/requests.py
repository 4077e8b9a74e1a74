"""What the API takes: queries and bodies. These models check requests and describe them in `/openapi.json`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from orchestrator.core.session import Word
from orchestrator.web.api.fields import Context, Headers, Key, Media, Pattern, Phone, Seconds, Target, Words

STATES: tuple[str, ...] = tuple(word for word in get_args(Word) if word != "idle")
"""States that a stored session can have."""


class Form(BaseModel):
    """A request's fields. A null counts as not given; a field that is none of them is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: Any) -> Any:
        return (
            {name: value for name, value in raw.items() if value is not None}
            if isinstance(raw, dict)
            else raw
        )


class Query(BaseModel):
    """A request's query. Parameters that are none of ours are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


# Queries -----------------------------------------------------------------------------------------
def _split(value: Any) -> Any:
    """Repeated, or with commas."""
    given = [value] if isinstance(value, str) else value
    return [word.strip() for entry in given for word in entry.split(",") if word.strip()]


def _compact(text: str) -> str:
    """A number as people write it, as it is stored; a plus sign becomes a blank in an address."""
    written_as_number = set(text) <= set("+0123456789 -().")
    return "".join(char for char in text if char in "+0123456789") if written_as_number else text.strip()


def _line(cursor: str) -> str:
    if cursor and not re.fullmatch(r"[0-9]{1,12}\.[0-9]{1,6}", cursor):
        raise ValueError("`next_cursor` of the page before")
    return cursor


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
    cursor: Annotated[
        str, Field(max_length=64, description="the id of the last event that was seen, as `Last-Event-ID`")
    ] = ""


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
    since: datetime | None = Field(
        None, description="from this moment on, RFC 3339; UTC unless it says otherwise"
    )
    until: datetime | None = Field(None, description="before this moment")
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


Urgent = Annotated[bool, Field(description="keeps no quiet hours")]


def _moment(given: Any) -> Any:
    """JSON has no moments: they are written."""
    if not isinstance(given, str):
        raise ValueError("a moment such as 2026-01-31T12:00:00Z")  # noqa: TRY004 - pydantic reports ValueErrors
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise ValueError("a moment such as 2026-01-31T12:00:00Z") from None


# Actions -----------------------------------------------------------------------------------------
class SendText(Form):
    """Send a text now, also during a call."""

    action: Literal["send_text"]
    text: Words = ""
    media: Media = []
    to: Phone = Field("", description="the customer unless named")
    sender: Phone = Field("", alias="from", description="one of our numbers")
    urgent: Urgent = False


class Reminder(Form):
    """What the caller hears when the text has not come after a while."""

    after: Seconds
    say: Words


class AskForText(Form):
    """Ask the customer for a text; the reply is a turn, and is kept in the context."""

    action: Literal["ask_for_text"]
    text: Words = Field("", description="sent by SMS")
    say: Words = Field("", description="spoken first")
    keep_as: Key = Field("", description="the context key that keeps the reply")
    timeout: Seconds | None = Field(None, description="`text_reply_timeout` unless given")
    reminder: Reminder | None = None
    pattern: Pattern = Field("", description="must match the whole reply")
    on_mismatch: Words = Field("", description="said when it does not; the wait goes on")


class Say(Form):
    """Say something in the live call, at once."""

    action: Literal["say"]
    text: Words


class SwitchChannel(Form):
    """Go on by text, or by phone."""

    action: Literal["switch_channel"]
    to: Literal["sms", "voice"]
    text: Words = Field("", description="to SMS: sent first")
    say: Words = Field("", description="to SMS: said before the call ends")
    keep_call: bool = Field(default=False, description="to SMS: the call goes on")


class Transfer(Form):
    """Hand the live call to a human."""

    action: Literal["transfer"]
    to: Target
    say: Words = Field("", description="said first")
    timeout: Seconds | None = Field(None, description="how long it rings, 30s unless given")
    headers: Headers = Field({}, description="SIP headers")


class HangUp(Form):
    """End the live call."""

    action: Literal["hang_up"]
    say: Words = Field("", description="said first")


class SetContext(Form):
    """Merge into the session's context, without a turn."""

    action: Literal["set_context"]
    context: Context


class End(Form):
    """Close call and thread."""

    action: Literal["end"]
    say: Words = Field("", description="said first")


Action = SendText | AskForText | Say | SwitchChannel | Transfer | HangUp | SetContext | End
ACTIONS: dict[str, type[Form]] = {
    get_args(model.model_fields["action"].annotation)[0]: model for model in get_args(Action)
}


class OpenCall(Form):
    """Call the customer: in the open session, or in a new one."""

    assistant: Key
    to: Phone
    context: Context = {}


class OpenMessage(Form):
    """Open a text session, business first. Without text and media the assistant speaks first."""

    assistant: Key
    to: Phone
    text: Words = ""
    media: Media = []
    context: Context = {}
    urgent: Urgent = False


class OptedOut(Form):
    """A customer who is not to be texted. The moment is now unless given, the assistant each unless named."""

    phone_number: Phone
    assistant: str = Field("", max_length=200, description="every assistant unless named")
    since: Annotated[datetime | None, BeforeValidator(_moment)] = Field(
        None, description="RFC 3339; now unless given"
    )
    source: str = Field("", pattern="^[A-Za-z0-9_. -]{0,60}$", description="what the customer's wish came by")


class ImportOptOuts(Form):
    """A list of opt-outs, at most 500 at once."""

    opt_outs: Annotated[list[OptedOut], Field(min_length=1, max_length=500)]
