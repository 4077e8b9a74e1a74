"""What the API gives, for `/openapi.json`. The records themselves are made by `runner.views`; a test
holds the two against each other.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from orchestrator.core.items import Channel
from orchestrator.core.session import CallState, Consent, Handler, ThreadState, Word

TIME = Field(description="RFC 3339, UTC", json_schema_extra={"format": "date-time"})


class Customer(BaseModel):
    """A person. The number is null where it is withheld."""

    phone_number: str | None


class Call(BaseModel):
    """The present or last call of a session."""

    state: CallState
    call_sid: str
    direction: str
    number: str
    started_at: str = TIME
    ended_at: str | None = None


class Thread(BaseModel):
    """The text exchange of a session, and our number in it."""

    state: ThreadState
    number: str | None


class Timer(BaseModel):
    """Something that will happen by itself: `text_reply`, `reminder`, `session`."""

    name: str
    due_at: str = TIME


class WaitingText(BaseModel):
    """A text of ours that waits for the end of the quiet hours."""

    text_id: str
    until: str = TIME


class Session(BaseModel):
    """One conversation of a customer with an assistant, over calls and texts."""

    id: str
    assistant: str
    customer: Customer
    state: Word
    call: Call | None
    thread: Thread
    consent: Consent
    handler: Handler = "assistant"
    context: dict[str, Any]
    timers: list[Timer]
    allowed: list[str]
    last_text_error: dict[str, Any] | None
    waiting_texts: list[WaitingText] = []
    previous_session_id: str | None
    opened_at: str = TIME
    last_event_at: str = TIME


class Event(BaseModel):
    """One line of a timeline."""

    id: str
    at: str = TIME
    type: str
    channel: Channel | None
    state: Word
    state_after: Word
    data: dict[str, Any]


class Refusal(BaseModel):
    """A text that was turned away."""

    at: str = TIME
    assistant: str
    phone_number: str | None
    message_sid: str
    reason: str


class Sessions(BaseModel):
    """A page of sessions, newest first."""

    sessions: list[Session]
    next_cursor: str | None


class Events(BaseModel):
    """A page of a timeline, oldest first."""

    events: list[Event]
    next_cursor: str | None


class Refusals(BaseModel):
    """A page of refusals, newest first."""

    refusals: list[Refusal]
    next_cursor: str | None


class DeadLetter(BaseModel):
    """An event that no attempt could finish. `event` is its kind, null where it cannot be read."""

    id: str
    at: str = TIME
    assistant: str | None
    phone_number: str | None
    event: str | None
    event_id: str
    reason: str


class WholeDeadLetter(DeadLetter):
    """The same with the event's fields."""

    data: dict[str, Any]


class DeadLetters(BaseModel):
    """Dead letters, newest first."""

    dead_letters: list[DeadLetter]


class NumberBacklog(BaseModel):
    """A number's queue: segments that wait, here and, as far as this process filled it, at the carrier; how long
    they take, in seconds; and the texts that wait here.
    """

    number: str
    segments: int
    seconds: int
    texts_here: int


class Backlog(BaseModel):
    """What waits: work with its time, that whose time has come, dead letters, and queues that are not empty."""

    scheduled: int
    overdue: int
    dead_letters: int
    numbers: list[NumberBacklog]


class OptOut(BaseModel):
    """A customer's consent with one assistant; `since` and `source` are null where nothing was ever said."""

    assistant: str
    consent: Consent
    since: str | None = TIME
    source: str | None


class OptOuts(BaseModel):
    """A customer's consent with each assistant that was asked about."""

    phone_number: str
    opt_outs: list[OptOut]


class ConsentSet(BaseModel):
    """The change is stored for these assistants; it is carried out in its order."""

    phone_number: str
    assistants: list[str]
    opted_out: bool


class CustomerSession(Session):
    """A session with its timeline."""

    events: list[Event]


class CustomerRecord(OptOuts):
    """Everything that is kept of a customer."""

    sessions: list[CustomerSession]
    refusals: list[Refusal]


class Erased(BaseModel):
    """How many sessions were erased, and whether an opt-out is still known, under its keyed hash."""

    sessions: int
    opt_out_kept: bool


class Acted(BaseModel):
    """The action is stored, and is carried out in its order. `state` is the one it was taken in."""

    action_id: str
    session_id: str
    state: Word


class Opened(BaseModel):
    """The session is stored. `message_id` names its first text, null if the assistant speaks first."""

    session_id: str
    message_id: str | None


class Called(BaseModel):
    """The carrier rings the customer. `call_sid` is null where it has not answered within ten seconds; the
    session tells then.
    """

    session_id: str
    call_sid: str | None


class WrongField(BaseModel):
    """A field of the request that is not as it should be."""

    field: str
    detail: str


class ProblemDetails(BaseModel):
    """An answer that says no (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="a word for programs")
    detail: str
    hint: str = Field(description="what to do instead; may be empty")
    errors: list[WrongField] = Field([], description="with 422: each wrong field")
    state: Word | None = Field(None, description="with 409: the session's state")
    allowed: list[str] = Field([], description="with 409: the actions that the state permits")
    actions: list[str] = Field([], description="with `unknown_action`: the actions there are")
