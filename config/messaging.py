"""`assistants.<name>.messaging`: texts of one assistant."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config import accounts
from config.addresses import sid, web_url, webhook_secret
from config.hours import hours
from config.kinds import ListOf
from config.numbers import number
from config.schema import Section, key, section
from config.secret import Secret
from config.values import choice, duration, flag, text, whole
from orchestrator.core.numbers import E164


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDesk:
    """The `help_desk` section."""

    url: str = key(
        web_url("https://desk.example.com/tandem"),
        meaning="Where sessions that humans answer are told; http:// is allowed.",
    )
    secret: Secret = key(
        webhook_secret(), meaning="Signs each message (Standard Webhooks): whsec_ and base64."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failover:
    """The `failover` section; `auth_token` holds every token that is valid now."""

    numbers: tuple[E164, ...] = key(
        ListOf(number(), least=1),
        meaning="Our numbers at the second account; the first one sends, the others where it may not.",
    )
    account_sid: str = accounts.account_sid("The second")
    auth_token: tuple[Secret, ...] = accounts.auth_token("That")
    base_url: str = accounts.base_url()
    messaging_service_sid: str = key(
        sid("MG"), "", meaning="Messaging Service of that account that sends; empty: the number itself."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Messaging:
    """The `messaging` section. Durations are seconds; `auth_token` holds every token that is valid now."""

    numbers: tuple[E164, ...] = key(
        ListOf(number(), least=1),
        meaning="Our numbers that take texts; may differ from phone's, and belong to another account or provider.",
    )
    account_sid: str = accounts.account_sid()
    auth_token: tuple[Secret, ...] = accounts.auth_token()
    base_url: str = accounts.base_url()
    messaging_service_sid: str = key(
        sid("MG"), "", meaning="Messaging Service that sends; empty: the number itself."
    )
    initiate_from_inbound: bool = key(
        flag(),
        "true",
        meaning="Initiate conversation from inbound messages; false: texts only in and after calls.",
    )
    default_failure_message: str = key(
        text(),
        "We're sorry, but we can't respond to your message.",
        meaning="Sent when the assistant fails.",
    )
    text_failure_message: str = key(
        text(), "I could not send you that text.", meaning="Said when a text of the call cannot be delivered."
    )
    refusal_message: str = key(
        text(), "", meaning="Sent to a customer whose text is refused; empty: nothing."
    )
    refusal_quiet_period: float = key(duration(), "24h", meaning="At most one refusal_message in this time.")
    continue_after_call: float = key(
        duration(),
        "0s",
        meaning="How long after a call texts are taken although initiate_from_inbound is false.",
    )
    reply_to_text_in_call: Literal["voice", "sms", "both"] = key(
        choice("voice", "sms", "both"),
        "voice",
        meaning="Where a text that arrives during a call is answered.",
    )
    text_reply_timeout: float = key(
        duration("1s"), "2m", meaning="How long a call waits for a text that was asked for."
    )
    session_timeout: float = key(duration("1s"), "24h", meaning="Inactivity that ends a text_only session.")
    notify_on_session_timeout: str = key(
        text(),
        "",
        meaning="Sent when a session times out; empty: the assistant gets the turn session_timeout.",
    )
    merge_window: float = key(
        duration("0s", "10m"), "0s", meaning="Texts this close together become one turn."
    )
    max_segments: int = key(
        whole(1, 100), "10", meaning="Segments of one message; a longer answer is split, whole and in order."
    )
    text_ttl: float = key(
        duration("1s"), "10m", meaning="An answer that could not be sent for so long is dropped."
    )
    delivery: Literal["at_least_once", "at_most_once"] = key(
        choice("at_least_once", "at_most_once"),
        "at_least_once",
        meaning="What becomes of a text whose outcome a search at the carrier could not settle: sent again, or failed.",
    )
    reconcile_after: float = key(
        duration("0s", "10m"), "20s", meaning="Not found at the carrier twice, this far apart: absent."
    )
    segments_per_second: int = key(
        whole(0, 1000),
        "1",
        meaning="Segments a second that the carrier sends from each number: a long code 1, toll-free 3, a short code up to 100. 0: no limit; not used with messaging_service_sid.",
    )
    queue_ahead: float = key(
        duration("0s", "10h"),
        "1h",
        meaning="How long a number's queue at the carrier may grow; texts beyond it wait here, where a STOP still reaches them.",
    )
    keywords_in_dialogue: Literal["strict", "relaxed"] = key(
        choice("strict", "relaxed"),
        "strict",
        meaning="relaxed: CANCEL, END, QUIT, INFO are text while a reply is awaited (only with a list edited at the carrier).",
    )
    keyword_replies: Literal["carrier", "tandem"] = key(
        choice("carrier", "tandem"), "carrier", meaning="Who answers STOP, START and HELP."
    )
    allowed_recipients: tuple[E164, ...] = key(
        ListOf(number()), "", meaning="Numbers besides the customer's own that send_text may reach."
    )
    quiet_hours: tuple[int, int] | None = key(
        hours(),
        "",
        meaning="Times such as 21:00-08:00, by service.timezone, in which texts that the customer did not ask for wait; empty: none.",
    )
    max_texts: int = key(
        whole(0, 1000),
        "500",
        meaning="Texts of one customer that are taken in max_texts_window; more are refused until the sender pauses. 0: any number.",
    )
    max_texts_window: float = key(duration("1s", "1d"), "30m", meaning="The time in which max_texts counts.")
    sweep_every: float = key(
        duration("10s", "1h"),
        "5m",
        meaning="How often the carrier's list is read for texts that did not reach us; after a fault it is read at once.",
    )
    sweep_look_back: float = key(
        duration("0s", "20h"),
        "12h",
        meaning="The oldest text that is taken from the carrier's list, however long the outage was. 0s: the list is never read.",
    )
    fold_characters: bool = key(
        flag(),
        "false",
        meaning="Look-alikes for characters that GSM-7 lacks (curly quotes, dashes), where that makes a text cheaper; addresses stay.",
    )
    help_desk: HelpDesk | None = section(
        Section(HelpDesk),
        meaning="Humans who go on in the assistant's place (connect_to_agent by text); left out: none.",
        required=False,
    )
    failover: Failover | None = section(
        Section(Failover),
        meaning="A second account, or provider, that sends what the first refuses for the account's sake; left out: none.",
        required=False,
    )
