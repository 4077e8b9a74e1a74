"""What the API takes as bodies. These models check requests and describe them in `/openapi.json`."""

from __future__ import annotations

from datetime import MAXYEAR, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from orchestrator.web.api.fields import Context, Headers, Key, Media, Pattern, Phone, Seconds, Target, Words

JsonValues = dict[str, Any]
FIRST_YEAR = 1970
"""Of moments that are given: nobody was texted before."""


class Form(BaseModel):
    """A request's fields. A null counts as not given; a field that is none of them is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: Any) -> Any:
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return (
            {name: value for name, value in raw.items() if value is not None or name not in known}
            if isinstance(raw, dict)
            else raw
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonValues:
        """As it checks: what may be left out may be null, and no default stands for leaving it out."""
        made = handler(core_schema)
        told = handler.resolve_ref_schema(made)
        for name, schema in told.get("properties", {}).items():
            if name not in told.get("required", ()):
                if schema.get("default") in ("", [], {}, None):
                    schema.pop("default", None)
                if isinstance(schema.get("type"), str):
                    schema["type"] = [schema["type"], "null"]
        return made


Urgent = Annotated[bool, Field(description="keeps no quiet hours")]


def _moment(given: Any) -> Any:
    """JSON has no moments: they are written."""
    if not isinstance(given, str):
        raise ValueError("a moment such as 2026-01-31T12:00:00Z")  # noqa: TRY004 - pydantic reports ValueErrors
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError("a moment such as 2026-01-31T12:00:00Z") from None
    if not FIRST_YEAR <= moment.year < MAXYEAR:  # a zone may take the edges of the calendar out of it
        raise ValueError(f"a moment of {FIRST_YEAR} or later")
    return moment


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


class Collect(Form):
    """How keys are gathered, as in `dtmf` `collect`."""

    count: int = Field(0, ge=0, le=100, description="how many keys")
    minimum_count: int = Field(0, ge=0, le=100, description="at least so many")
    maximum_count: int = Field(0, ge=0, le=100, description="at most so many")
    termination_key: str | None = Field(None, pattern="^[0-9*#]$", description="the key that ends them")
    ignore_speech: bool = Field(default=False, description="keys only")


class SpokenWay(Form):
    """How a caller is asked by voice, where the text cannot be sent or does not come."""

    say: Words
    collect: Collect | None = None


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
    fallback: SpokenWay | None = None


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


class TakeOver(Form):
    """Answer in the assistant's place from now on: it is silent until `release`."""

    action: Literal["take_over"]


class Release(Form):
    """Let the assistant answer again: its turn `released` tells what was said meanwhile."""

    action: Literal["release"]


Action = (
    SendText | AskForText | Say | SwitchChannel | Transfer | HangUp | SetContext | End | TakeOver | Release
)
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
