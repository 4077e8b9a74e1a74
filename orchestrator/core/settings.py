"""What a decision needs to know of an assistant's configuration. Durations are seconds.

`config/settings.py` is what people write; `app.py` makes these from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from orchestrator.core.numbers import E164


def utc_minute_of_day(at: float) -> int:
    """The minute of the day at a moment, in UTC: 0 to 1439."""
    return int(at // 60) % 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRules:
    """How calls behave; fields as in `phone` of the configuration. `call_hours` are minutes of the day
    from and to which we may call, None for always; the end may lie before the beginning, over midnight.
    """

    numbers: tuple[E164, ...]
    engine: Literal["gather", "relay"] = "gather"
    welcome_message: str = ""
    failure_message: str = "Sorry, something went wrong on our side. Please call again."
    failure_transfer_to: str = ""
    busy_message: str = "Sorry, we are very busy just now. Please call again later."
    goodbye_message: str = "Goodbye."
    transfer_failure_message: str = "Sorry, nobody could take the call."
    disconnect_on_transfer_failure: bool = True
    filler_message: str = "One moment, please."
    hold_audio: str = ""
    post_response_timeout: float = 7.0
    hints: str = ""
    speech_model: str = ""
    speech_timeout: float = 0.0
    profanity_filter: bool = True
    confidence_threshold: float = 0.0
    max_silent_turns: int = 3
    voice_budget: float = 4.0
    transfer_caller_id: Literal["customer", "ours"] = "customer"
    sip_transfer: Literal["dial", "refer"] = "dial"
    call_failed_message: str = ""
    call_hours: tuple[int, int] | None = None
    machine_detection: Literal["off", "hang_up", "message", "text"] = "off"
    machine_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingRules:
    """How texts behave; fields as in `messaging` of the configuration. `quiet_hours` are minutes of the day
    as in `PhoneRules.call_hours`.
    """

    numbers: tuple[E164, ...]
    initiate_from_inbound: bool = True
    default_failure_message: str = "We're sorry, but we can't respond to your message."
    text_failure_message: str = "I could not send you that text."
    refusal_message: str = ""
    refusal_quiet_period: float = 86_400.0
    continue_after_call: float = 0.0
    reply_to_text_in_call: Literal["voice", "sms", "both"] = "voice"
    text_reply_timeout: float = 120.0
    session_timeout: float = 86_400.0
    notify_on_session_timeout: str = ""
    merge_window: float = 0.0
    max_segments: int = 10
    text_ttl: float = 600.0
    keywords_in_dialogue: Literal["strict", "relaxed"] = "strict"
    keyword_replies: Literal["carrier", "tandem"] = "carrier"
    allowed_recipients: tuple[E164, ...] = ()
    quiet_hours: tuple[int, int] | None = None
    max_texts: int = 500
    max_texts_window: float = 1800.0
    fold_characters: bool = False
    help_desk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One assistant's rules. Either channel may be absent. `minute_of_day` is what its clocks show at a
    moment (Unix seconds), for `call_hours`.
    """

    assistant: str
    phone: PhoneRules | None = None
    messaging: MessagingRules | None = None
    minute_of_day: Callable[[float], int] = field(default=utc_minute_of_day, compare=False)
