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
