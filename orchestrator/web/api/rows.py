"""What the lists of detail records and opt-outs hold, for `/openapi.json`. The rows are made by `web.cdr`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from orchestrator.core.session import Consent, Word
from orchestrator.web.api.answers import TIME


class CallRecord(BaseModel):
    """A call. `duration` counts whole seconds from its answer; `outcome` is the reason of its end, null
    while it goes on. `custom_data` is what the assistant put there for the record.
    """

    session_id: str
    assistant: str
    phone_number: str | None
    number: str | None
    direction: str
    call_sid: str
    started_at: str = TIME
    answered_at: str | None = TIME
    ended_at: str | None = TIME
    duration: int | None
    outcome: str | None
    custom_data: dict[str, Any] | None


class TextRecord(BaseModel):
    """A text. `status` of one of ours is the carrier's last word, null where it is not kept any more."""

    session_id: str
    assistant: str
    phone_number: str | None
    number: str | None
    direction: str
    id: str
    message_sid: str | None
    at: str = TIME
    status: str | None
    code: int | None
    reason: str | None
    segments: int | None
    encoding: str | None
    media: int | None
    late: bool | None


class SessionRecord(BaseModel):
    """A session, and how much happened in it."""

    id: str
    assistant: str
    phone_number: str | None
    state: Word
    consent: Consent
    opened_at: str = TIME
    last_event_at: str = TIME
    ended_at: str | None = TIME
    previous_session_id: str | None
    calls: int
    texts_in: int
    texts_out: int
    turns: int
    prompt_tokens: int
    completion_tokens: int


class Records(BaseModel):
    """A page of detail records of one kind: of the newest session first, its newest first."""

    records: list[CallRecord | TextRecord | SessionRecord]
    next_cursor: str | None


class OptedOutCustomer(BaseModel):
    """A customer who is opted out of an assistant's texts."""

    assistant: str
    phone_number: str
    since: str = TIME
    source: str


class OptOutList(BaseModel):
    """A page of opt-outs."""

    opt_outs: list[OptedOutCustomer]
    next_cursor: str | None


class Imported(BaseModel):
    """How many opt-outs of a list are stored, each carried out in its order, and how many were known, or
    are older than what the customer said to us.
    """

    imported: int
    unchanged: int
