"""Failover: a text that the carrier refuses for our number's sake is sent from another number of ours.

Such a refusal is final for that number and nothing was sent, so the next one is tried in the same attempt; one
that is reported later is followed by another attempt. What is about the recipient (an opt-out, a landline) ends
it: no other number gets around that. A text that fell out of a full queue is sent again later.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from orchestrator.core.effects import SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import masked
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.searching import CLAIM_HOLDS
from orchestrator.outbox.ways import Ways, tell_carrier
from orchestrator.ports import Address, Clock, Delivery

log = structlog.get_logger("tandem.outbox")

FIRST_WAIT = 30.0
"""Seconds until a text that fell out of a full queue is sent again; each further time it is twice as long."""
MOST_TRIES = 3
"""How often at most."""


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
    for sender in _candidates(effect, ways):
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


def once_more(ways: Ways, entry: Entry, said: Delivery, now: float) -> Delivery | None:
    """How a text that is reported failed is sent once more, or None where that is no use or not safe."""
    effect, carrier = entry.effect, ways.texts
    if not isinstance(effect, SendMessage) or carrier is None:
        return None
    if carrier.blames_sender(said.code):
        first, *others = _candidates(effect, ways)
        meant, wait = replace(effect, refused=(*effect.refused, first)), 0.0
        if not others:
            return None
    elif carrier.may_pass_later(said.code) and effect.tries < MOST_TRIES:
        meant, wait = effect, FIRST_WAIT * 2**effect.tries
    else:
        return None
    if 0 < effect.expires_at < now + wait:
        return None
    again = replace(entry, effect=replace(meant, tries=effect.tries + 1)).payload()
    return replace(said, again=again, at=now + wait)


def _candidates(effect: SendMessage, ways: Ways) -> list[str]:
    """The number that was meant, and the others, without those that it got nowhere from."""
    senders = [effect.sender, *(other for other in ways.senders if other != effect.sender)]
    return [sender for sender in senders if sender not in effect.refused] or senders[:1]


def _blames_sender(ways: Ways, error: CarrierError) -> bool:
    refused = error.outcome == "refused"
    return refused and ways.texts is not None and ways.texts.blames_sender(error.code)
