"""What the carrier keeps: its numbers, messages and calls, and what a phone experienced.

Times are Unix seconds of the injected clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LIVE = frozenset({"queued", "ringing", "in-progress"})
"""Call states that are not final (Twilio: Call resource, status values)."""


@dataclass(slots=True)
class Number:
    """A number of the account, with the addresses that its calls and texts go to."""

    sid: str
    number: str
    created_at: float
    updated_at: float
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False
    capabilities: Mapping[str, bool] = field(
        default_factory=lambda: {"voice": True, "sms": True, "mms": True}
    )
    advanced_opt_out: bool = False


@dataclass(slots=True)
class Message:
    """A text in either direction. `sender` is empty while a Messaging Service has not chosen it; `is_taken` tells
    of one to us whether its webhook was answered, None before that.
    """

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    created_at: float
    updated_at: float
    media: tuple[str, ...] = ()
    segments: int = 1
    sent_at: float | None = None
    error_code: int | None = None
    service_sid: str = ""
    status_callback: str = ""
    is_taken: bool | None = None


@dataclass(slots=True)
class Call:
    """One leg. `status_events` are the progress events that `status_callback` asked for."""

    sid: str
    caller: str
    to: str
    direction: str
    status: str
    created_at: float
    updated_at: float
    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    number_sid: str = ""
    parent_sid: str = ""
    answered_by: str = ""
    machine_detection: str = ""
    ring_seconds: float = 60.0  # Twilio: Timeout of a new call, 60 s by default
    started_at: float | None = None
    ended_at: float | None = None
    sequence: int = 0

    @property
    def customer(self) -> str:
        """The number at the far end, as seen from the account."""
        return self.caller if self.direction == "inbound" else self.to

    @property
    def duration(self) -> int:
        """Whole seconds from answer to end; 0 if it was never answered."""
        if self.started_at is None or self.ended_at is None:
            return 0
        return round(self.ended_at - self.started_at)


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing a phone heard. `kind`: `say`, `play` (the text is the sound's URL), or `carrier` for
    the carrier's own announcement.
    """

    text: str
    call_sid: str
    at: float
    kind: str = "say"


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text on a phone. `by_carrier` marks the carrier's own answers to STOP, START and HELP."""

    sender: str
    to: str
    body: str
    at: float
    media: tuple[str, ...] = ()
    segments: int = 1
    sid: str = ""
    by_carrier: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One webhook attempt, as it went. `problem`: empty, `ct`, `rt`, `3xx`, `4xx` or `5xx`."""

    kind: str
    method: str
    url: str
    form: tuple[tuple[str, str], ...]
    at: float
    seconds: float
    status: int = 0
    body: str = ""
    content_type: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that happened, for observers. `number` is the phone it concerns, if any.

    Kinds: `call_started`, `call_answered`, `call_ended`, `ringing`, `listening`, `heard`, `said`,
    `pressed`, `silent`, `texted`, `taken`, `not_taken`, `received`, `refused`, `webhook`, `request`,
    `connect`, `fault`.
    """

    kind: str
    at: float
    number: str = ""
    call_sid: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
