"""What the carrier's codes for failed texts mean to people. Source: Twilio's error dictionary."""

from __future__ import annotations

MEANINGS = {
    11200: "our address did not answer the carrier",
    21211: "no valid number",
    21408: "texts to that country are not enabled",
    21606: "our number cannot send texts",
    21610: "the customer opted out",
    21611: "the queue of our number is full",
    21612: "no way from our number to theirs",
    21614: "not a mobile number",
    21617: "longer than 1600 characters",
    30001: "the queue overflowed",
    30002: "our account is suspended",
    30003: "the phone is off or out of reach",
    30004: "the phone or its network blocks us",
    30005: "nobody has this number",
    30006: "a landline, or a network out of reach",
    30007: "filtered by a network as unwanted",
    30008: "the network gave no reason",
    30034: "our number is not registered for business texts (A2P 10DLC)",
    63038: "the day's limit of our account is reached",
}


def meaning(code: int | None) -> str:
    """A code in words; empty for one that has none here."""
    return MEANINGS.get(code or 0, "")


REASONS = {
    "account_restricted": "our account may not do this",
    "account_suspended": "our account is suspended",
    "blocked": "the phone, its network or the carrier blocks us",
    "call_ended": "the call was over",
    "carrier_error": "the carrier gave no reason that is known",
    "expired": "it could not be sent for too long",
    "filtered": "filtered by a network as unwanted",
    "invalid_number": "no valid number",
    "landline": "a landline, or a network out of reach",
    "media_not_fetched": "the carrier could not fetch the picture",
    "media_not_permitted": "pictures may not go there, or from our number",
    "media_not_supported": "the network or the phone takes no pictures",
    "media_too_large": "the picture is too large",
    "media_too_many": "more pictures than one message takes",
    "media_type": "no carrier takes such a file",
    "not_authenticated": "the carrier does not accept our token",
    "not_found": "the carrier knows no such thing",
    "opted_out": "the customer opted out",
    "queue_full": "the queue of our number was full",
    "quiet_hours": "the carrier sends nothing at that hour",
    "rate_limited": "too many at once for the carrier",
    "region_not_permitted": "that country is not enabled in our account",
    "sender_not_allowed": "our number cannot send texts there",
    "sender_not_registered": "our number is not registered for business texts (A2P 10DLC)",
    "too_long": "longer than a message may be",
    "unknown_number": "nobody has this number",
    "unknown_outcome": "it was not found at the carrier, which may have taken it all the same",
    "unreachable": "the phone is off or out of reach",
    "unresolved": "nobody could look whether the carrier took it: the customer may have it",
    "unroutable": "no way from our number to theirs",
}
"""The words that stand for the carrier's codes: a dead letter keeps no code."""


def why(reason: str, what: str) -> str:
    """Why a letter was given up, in words; `what` it is. Empty where there are none here."""
    if what == "report":
        status = reason.removeprefix("status_")
        return f"the webhook answered {status}" if status != reason else "the webhook did not answer"
    if what != "text":
        return "no attempt could finish it; the log tells the cause"
    return REASONS.get(reason, "")
