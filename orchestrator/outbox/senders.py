"""Which numbers of ours, at which of our accounts, a text may leave from. Pure; sending is done elsewhere.

An assistant has one account for texts, or two: what the one refuses for its own sake leaves from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.core.effects import SendMessage
from orchestrator.outbox.ways import Ways


@dataclass(frozen=True, slots=True)
class TextAccount:
    """`numbers` are all of ours there, `senders` those that texts may come from, none where the carrier chooses."""

    numbers: Sequence[str]
    senders: Sequence[str]

    @property
    def tried(self) -> Sequence[str]:
        """The numbers to try. One is enough where the carrier chooses."""
        return self.senders or self.numbers[:1]


def account_of(ways: Ways, number: str) -> TextAccount:
    """The account that sends from a number."""
    first, second = _accounts(ways)
    return second if second is not None and number in second.numbers else first


def numbers_left(effect: SendMessage, ways: Ways) -> list[str]:
    """The number that was meant, the others of its account, and those of the other account, without those that it
    got nowhere from; those whose account takes no texts just now come last. One at least.
    """
    own = account_of(ways, effect.sender)
    others = [account for account in _accounts(ways) if account is not None and account != own]
    numbers = [*own.senders, *(number for account in others for number in account.tried)]
    senders = [effect.sender, *(number for number in numbers if number != effect.sender)]
    senders.sort(key=lambda sender: sender in effect.tried_last)
    return [sender for sender in senders if sender not in effect.refused] or senders[:1]


def _accounts(ways: Ways) -> tuple[TextAccount, TextAccount | None]:
    standby = ways.standby
    first = TextAccount(ways.numbers or ways.senders, ways.senders)
    return first, TextAccount(standby.numbers, standby.senders) if standby is not None else None
