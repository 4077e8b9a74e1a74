"""Finding a text at the carrier that may or may not have taken it.

The Messages API has no idempotency key, so the list of messages is the only witness, besides the
status callback that names the entry.
"""

from __future__ import annotations

from collections.abc import Collection

from orchestrator.core.effects import SendMessage
from orchestrator.ports import Carrier

CLOCK_SLACK = 5.0
"""Seconds that the carrier's clock may be behind ours; its dates are whole seconds besides."""


async def found_at_carrier(
    carrier: Carrier, message: SendMessage, since: float, bound: Collection[str]
) -> str:
    """The carrier's id of the text if it was taken since that attempt, else an empty word.

    What is `bound` to another entry is no proof, however alike; of several the oldest is this one,
    because entries leave in order.
    """
    earliest = since - CLOCK_SLACK
    found = await carrier.find_messages(to=message.to, sender=message.sender, since=earliest)
    alike = [
        entry
        for entry in found
        if entry.body == message.body and entry.created_at >= earliest and entry.carrier_id not in bound
    ]
    return min(reversed(alike), key=lambda entry: entry.created_at).carrier_id if alike else ""
