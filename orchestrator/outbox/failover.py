"""Failover: a text that the carrier refuses for our number's sake is sent from another number of ours, and one that
it refuses for our account's sake from our other account.

Such a refusal is final for that number, or account, and nothing was sent. The next number of the account is tried in
the same attempt; the other account has an attempt of its own, so that what is stored always names the account whose
list tells of an unknown outcome. A refusal that is reported later is followed by another attempt, too. What is about
the recipient (an opt-out, a landline) ends it: no other number gets around that. A text that fell out of a full queue
is sent again later.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from orchestrator.core.effects import SendMessage
from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import masked
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.searching import CLAIM_HOLDS
from orchestrator.outbox.senders import account_of, numbers_left
from orchestrator.outbox.ways import Ways, tell_carrier, texts_by
from orchestrator.ports import Address, Clock, Delivery

log = structlog.get_logger("tandem.outbox")

FIRST_WAIT = 30.0
"""Seconds until a text that fell out of a full queue is sent again; each further time it is twice as long."""
MOST_TRIES = 3
"""How often at most."""


async def tell_by_any(
    ways: Ways, address: Address, name: str, entry: Entry, clock: Clock, asked_at: float
) -> tuple[str, str]:
    """Make the request of entry `name`, if need be from each number of an account in turn: what the carrier said,
    and the number that it took. Raises the `CarrierError` of the number that was meant, if all are refused.
    `asked_at` is when the claim was asked for.
    """
    effect = entry.effect
    if not isinstance(effect, SendMessage):
        return await tell_carrier(ways, address, name, entry), ""
    refusals: list[CarrierError] = []
    for sender in _of_one_account(effect, ways):
        if clock.now() - asked_at > CLAIM_HOLDS:
            raise CarrierError("the refusals outlasted the claim", outcome="not_sent")
        meant = replace(entry, effect=replace(effect, sender=sender))
        try:
            return await tell_carrier(ways, address, name, meant), sender
        except CarrierError as error:
            if not _blames_sender(ways, sender, error):
                raise
            log.warning("outbox.sender_refused", code=error.code, to=masked(entry.customer), sender=sender)
            refusals.append(error)
    raise refusals[0]


def from_elsewhere(ways: Ways, entry: Entry, error: CarrierError) -> Entry | None:
    """The entry as our other account is asked to send it, or None where that is no use: the refusal is not ours
    to mend, or it came from the last account.
    """
    effect = entry.effect
    if error.outcome != "refused" or not isinstance(effect, SendMessage):
        return None
    tried = numbers_left(effect, ways)[0]
    if not (_blames_sender(ways, tried, error) or _blames_account(ways, tried, error.code, error.status)):
        return None
    meant = _without_account(ways, effect, tried)
    if meant is None:
        return None
    log.warning("outbox.account_refused", code=error.code, status=error.status, to=masked(entry.customer))
    return replace(entry, effect=meant)


def once_more(ways: Ways, entry: Entry, said: Delivery, now: float) -> Delivery | None:
    """How a text that is reported failed is sent once more, or None where that is no use or not safe."""
    effect = entry.effect
    if not isinstance(effect, SendMessage) or ways.texts is None:
        return None
    meant, wait = _meant_again(ways, effect, said.code)
    if meant is None or 0 < effect.expires_at < now + wait:
        return None
    again = replace(entry, effect=replace(meant, tries=effect.tries + 1)).payload()
    return replace(said, again=again, at=now + wait)


def _meant_again(ways: Ways, effect: SendMessage, code: int) -> tuple[SendMessage | None, float]:
    """What is sent after a failure with this code, None for nothing, and in how many seconds."""
    first, *others = numbers_left(effect, ways)
    carrier = texts_by(ways, first)
    if carrier is None:
        return None, 0.0
    if carrier.blames_sender(code):
        return (replace(effect, refused=(*effect.refused, first)) if others else None), 0.0
    if carrier.blames_account(code):
        return _without_account(ways, effect, first), 0.0
    waits = carrier.may_pass_later(code) and effect.tries < MOST_TRIES
    return (effect, FIRST_WAIT * 2**effect.tries) if waits else (None, 0.0)


def _without_account(ways: Ways, effect: SendMessage, tried: str) -> SendMessage | None:
    """The text without the account of a number, or None where no other is left."""
    account = account_of(ways, tried)
    gone = dict.fromkeys((*effect.refused, tried, *account.senders, *account.numbers))
    meant = replace(effect, refused=tuple(gone))
    return meant if numbers_left(meant, ways)[0] not in gone else None


def _of_one_account(effect: SendMessage, ways: Ways) -> list[str]:
    """The numbers that one attempt may try: those of the account that is its turn."""
    first, *others = numbers_left(effect, ways)
    account = account_of(ways, first)
    return [first, *(other for other in others if account_of(ways, other) == account)]


def _blames_sender(ways: Ways, sender: str, error: CarrierError) -> bool:
    carrier = texts_by(ways, sender)
    return error.outcome == "refused" and carrier is not None and carrier.blames_sender(error.code)


def _blames_account(ways: Ways, sender: str, code: int, status: int) -> bool:
    carrier = texts_by(ways, sender)
    return carrier is not None and carrier.blames_account(code, status)
