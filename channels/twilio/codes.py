"""The carrier's error codes, as a class and a word for people and assistants.

The carrier says that its codes and their texts may change (Message resource, `error_code`), so an
unknown code has a safe class: not sent again by itself, reason `carrier_error`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestrator.ports import CallStanding

Class = Literal[
    "permanent",
    "config",
    "account",
    "unverified",
    "sender",
    "media",
    "opted_out",
    "landline",
    "unreachable",
    "filtered",
    "policy",
    "retry",
]
"""`config`: a setting of the account, somebody has to act. `account`: the account itself is shut, so that only
another account may send the text. `unverified`: the account may not send to this recipient, as one on trial,
while it goes on sending to others. `sender`: our number, or its way to this recipient, so that
another number of ours may send the text. `media`: what the text carries. The others tell of the recipient,
and of the moment (`retry`)."""

RETRY_LATER = frozenset({20429, 21611, 30001, 63017})
"""The message was not taken, or fell out of a full queue: the same one may go later."""

CALL_OVER = frozenset({20404, 21220})
"""What a live-call update says when the caller has hung up meanwhile: normal, no alarm."""


NOT_FOUND = 20404

# Status of a call (Twilio: Call resource). A canceled one was given up while it rang.
STANDINGS: dict[str, CallStanding] = {
    **dict.fromkeys(("queued", "initiated", "ringing", "in-progress"), "live"),
    "completed": "ended",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "failed",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code means: `kind` for the house, `reason` for people and the assistant."""

    kind: Class
    reason: str


_UNKNOWN = Verdict("permanent", "carrier_error")

_VERDICTS: dict[int, Verdict] = {
    # Authentication and configuration of the account or the sender: somebody has to act.
    10001: Verdict("account", "account_suspended"),
    20003: Verdict("account", "not_authenticated"),
    20005: Verdict("account", "account_suspended"),
    20006: Verdict("account", "not_authenticated"),
    20008: Verdict("account", "account_restricted"),
    20404: Verdict("permanent", "not_found"),
    20429: Verdict("retry", "rate_limited"),
    21201: Verdict("permanent", "invalid_number"),
    21211: Verdict("permanent", "invalid_number"),
    21210: Verdict("sender", "sender_not_allowed"),
    21212: Verdict("sender", "sender_not_allowed"),
    21214: Verdict("permanent", "unroutable"),
    21215: Verdict("config", "region_not_permitted"),
    21216: Verdict("permanent", "blocked"),
    21219: Verdict("config", "account_restricted"),
    21220: Verdict("permanent", "call_ended"),
    21408: Verdict("config", "region_not_permitted"),
    21601: Verdict("sender", "sender_not_allowed"),
    21606: Verdict("sender", "sender_not_allowed"),
    21608: Verdict("unverified", "account_restricted"),
    21610: Verdict("opted_out", "opted_out"),
    21611: Verdict("retry", "queue_full"),
    21612: Verdict("sender", "unroutable"),
    21614: Verdict("landline", "landline"),
    21617: Verdict("permanent", "too_long"),
    21620: Verdict("media", "media_not_fetched"),
    21621: Verdict("sender", "media_not_permitted"),
    21622: Verdict("config", "media_not_permitted"),
    21623: Verdict("media", "media_too_many"),
    21635: Verdict("landline", "landline"),
    21658: Verdict("permanent", "too_long"),
    21659: Verdict("sender", "sender_not_allowed"),
    21660: Verdict("sender", "sender_not_allowed"),
    21661: Verdict("sender", "sender_not_allowed"),
    # Reported later, by the status callback; what the media are is seen when they are fetched.
    11751: Verdict("media", "media_too_large"),
    12300: Verdict("media", "media_type"),
    30001: Verdict("retry", "queue_full"),
    30002: Verdict("account", "account_suspended"),
    30003: Verdict("unreachable", "unreachable"),
    30004: Verdict("permanent", "blocked"),
    30005: Verdict("permanent", "unknown_number"),
    30006: Verdict("landline", "landline"),
    30007: Verdict("filtered", "filtered"),
    30008: Verdict("unreachable", "carrier_error"),
    30011: Verdict("media", "media_not_supported"),
    30019: Verdict("media", "media_too_large"),
    30032: Verdict("sender", "sender_not_registered"),
    30034: Verdict("sender", "sender_not_registered"),
    30450: Verdict("policy", "blocked"),
    30610: Verdict("policy", "quiet_hours"),
    30640: Verdict("policy", "blocked"),
    63017: Verdict("retry", "rate_limited"),
    63019: Verdict("media", "media_not_fetched"),
    90010: Verdict("account", "account_suspended"),
}


def classify(code: int) -> Verdict:
    """What the code means; an unknown one is permanent, reason `carrier_error`."""
    return _VERDICTS.get(code, _UNKNOWN)


def reason(code: int) -> str:
    """The word for a code, such as `opted_out`, `landline`, `unreachable`, `filtered`."""
    return classify(code).reason


SHUT_OUT = frozenset({401, 402, 403})
"""HTTP: who are you, pay first, you may not. Endpoints that are not Twilio may say no more than that."""
GENERAL = 21_000
"""Codes below are of the interface, not of a call or a message (Twilio, error dictionary)."""


def blames_account(code: int, status: int = 0) -> bool:
    """Whether a refusal is about our account, for this recipient at least."""
    return classify(code).kind == "unverified" or shuts_account(code, status)


def shuts_account(code: int, status: int = 0) -> bool:
    """Whether our account sends to nobody. The HTTP status counts where the code tells nothing of the message."""
    if code in _VERDICTS:
        return classify(code).kind == "account"
    return code < GENERAL and status in SHUT_OUT
