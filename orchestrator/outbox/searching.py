"""Finding a text at the carrier that may or may not have taken it.

The Messages API has no idempotency key, so the list of messages is the only witness, besides the
status callback that names the entry.
"""

from __future__ import annotations

from orchestrator.core.effects import SendMessage
from orchestrator.ports import Carrier

CLOCK_SLACK = 5.0
"""Seconds that the carrier's clock may be behind ours; its dates are whole seconds besides."""


async def found_at_carrier(carrier: Carrier, message: SendMessage, since: float) -> str:
    """The carrier's id of the text if it was taken since that attempt, else an empty word."""
    earliest = since - CLOCK_SLACK
    for found in await carrier.find_messages(to=message.to, sender=message.sender, since=earliest):
        if found.body == message.body and found.created_at >= earliest:
            return found.carrier_id
    return ""
