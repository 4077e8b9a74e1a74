"""`assistants.<name>.phone`: calls of one assistant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config import accounts
from config.addresses import web_url
from config.hours import hours
from config.kinds import ListOf
from config.numbers import number, transfer_target
from config.schema import key
from config.secret import Secret
from config.values import choice, duration, flag, fraction, language_tag, text, whole
from orchestrator.core.numbers import E164


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The `phone` section. Durations are seconds; `auth_token` holds every token that is valid now."""

    numbers: tuple[E164, ...] = key(
        ListOf(number(), least=1), meaning="Our numbers that take calls; the first one calls out."
    )
    account_sid: str = accounts.account_sid()
    auth_token: tuple[Secret, ...] = accounts.auth_token()
    base_url: str = accounts.base_url()
    engine: Literal["gather", "relay"] = key(
        choice("gather", "relay"), "gather", meaning="gather (TwiML) or relay (ConversationRelay)."
    )
    language: str = key(language_tag(), "en-US", meaning="Language of speech, both ways.")
    voice: str = key(text(), "", meaning="The carrier's voice name; empty: its default.")
    welcome_message: str = key(text(), "", meaning="Said before the assistant's first answer.")
    failure_message: str = key(
        text(),
        "Sorry, something went wrong on our side. Please call again.",
        meaning="Said when the assistant fails, before the transfer or the hang-up.",
    )
    failure_transfer_to: str = key(
        transfer_target(), "", meaning="+E.164 or sip: URI that takes the call when the assistant fails."
    )
    busy_message: str = key(
        text(),
        "Sorry, we are very busy just now. Please call again later.",
        meaning="Said, before the hang-up, to callers that an overloaded assistant cannot take.",
    )
    goodbye_message: str = key(text(), "Goodbye.", meaning="Said before the hang-up after max_silent_turns.")
    transfer_failure_message: str = key(
        text(), "Sorry, nobody could take the call.", meaning="Said when a transfer is not answered."
    )
    disconnect_on_transfer_failure: bool = key(
        flag(), "true", meaning="Whether a failed transfer ends the call."
    )
    transfer_caller_id: Literal["customer", "ours"] = key(
        choice("customer", "ours"),
        "customer",
        meaning="The number that a human sees who is transferred to; ours where the customer's is withheld.",
    )
    sip_transfer: Literal["dial", "refer"] = key(
        choice("dial", "refer"),
        "dial",
        meaning="How sip: addresses are reached: dialled by the carrier, or by REFER, for calls that came by SIP.",
    )
    filler_message: str = key(
        text(), "One moment, please.", meaning="Said once when an answer outlasts voice_budget."
    )
    hold_audio: str = key(
        web_url("https://example.com/hold.mp3", optional=True),
        "",
        meaning="URL of the sound while the caller waits; empty: silence.",
    )
    post_response_timeout: float = key(
        duration("1s", "10m"), "7s", meaning="Silence after a document, then the turn no_input."
    )
    hints: str = key(
        text(), "", meaning="Words and phrases that callers are likely to say, separated by commas."
    )
    speech_model: str = key(
        text(), "", meaning="The carrier's recognition model; empty: it chooses, and falls back by itself."
    )
    speech_timeout: float = key(
        duration("0s", "60s"),
        "0s",
        meaning="Quiet that ends what the caller says; 0s: the recogniser decides.",
    )
    profanity_filter: bool = key(flag(), "true", meaning="Whether the recogniser masks rude words.")
    partial_results: bool = key(
        flag(),
        "true",
        meaning="Whether the carrier tells what a caller is just saying, so that a text that cuts it short is told with it.",
    )
    confidence_threshold: float = key(
        fraction(),
        "0",
        meaning="Speech recognised with less confidence than this is taken for silence: the turn no_input, with the words in event_data.",
    )
    max_silent_turns: int = key(
        whole(1, 100), "3", meaning="So many silent turns in a row, then goodbye and hang-up."
    )
    voice_budget: float = key(
        duration("100ms", "12s"),
        "4s",
        meaning="How long a voice request waits for the answer; the carrier gives up at 15s.",
    )
    call_hours: tuple[int, int] | None = key(
        hours(), "", meaning="When we may call, such as 08:00-21:00 in service.timezone; empty: always."
    )
    calls_per_second: int = key(
        whole(1, 100),
        "1",
        meaning="Calls a second that each number places; the account's limit is the carrier's.",
    )
    call_failed_message: str = key(
        text(), "", meaning="Sent to a customer whom a call of ours did not reach; empty: nothing."
    )
    machine_detection: Literal["off", "hang_up", "message", "text"] = key(
        choice("off", "hang_up", "message", "text"),
        "off",
        meaning="What an answering machine gets: no look for one, a hang-up, machine_message after the beep, or it by text instead.",
    )
    machine_message: str = key(
        text(),
        "",
        meaning="Said to an answering machine, or sent as a text; empty: call_failed_message is sent.",
    )
