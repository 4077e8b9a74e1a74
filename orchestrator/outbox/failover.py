"""Failover: a text that the carrier refuses for our number's sake is sent from another number of ours.

Such a refusal is final for that number and nothing was sent, so the next one is tried in the same attempt.
What is about the recipient (an opt-out, a landline) ends the attempt: no other number gets around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from orchestrator.core.effects import SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import masked
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.searching import CLAIM_HOLDS
from orchestrator.outbox.ways import Ways, tell_carrier
from orchestrator.ports import Address, Clock

log = structlog.get_logger("tandem.outbox")


async def tell_by_any(
    ways: Ways, address: Address, name: str, entry: Entry, clock: Clock, asked_at: float
) -> tuple[str, str]:
    """Make the request of entry `name`, if need be from each number of ours in turn: what the carrier said,
    and the number that it took. Raises the `CarrierError` of the number that was meant, if all are refused.
    `asked_at` is when the claim was asked for.
    """
    effect = entry.effect
    if not isinstance(effect, SendMessage):
        return await tell_carrier(ways, address, name, entry), ""
    refusals: list[CarrierError] = []
    for sender in (effect.sender, *_others(effect.sender, ways.senders)):
        if clock.now() - asked_at > CLAIM_HOLDS:
            raise CarrierError("the refusals outlasted the claim", outcome="not_sent")
        meant = replace(entry, effect=replace(effect, sender=sender))
        try:
            return await tell_carrier(ways, address, name, meant), sender
        except CarrierError as error:
            if not _blames_sender(ways, error):
                raise
            log.warning("outbox.sender_refused", code=error.code, to=masked(entry.customer), sender=sender)
            refusals.append(error)
    raise refusals[0]


def _others(sender: str, senders: Sequence[str]) -> list[str]:
    return [other for other in senders if other != sender]


def _blames_sender(ways: Ways, error: CarrierError) -> bool:
    refused = error.outcome == "refused"
    return refused and ways.texts is not None and ways.texts.blames_sender(error.code)
