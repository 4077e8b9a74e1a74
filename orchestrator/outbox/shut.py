"""Which of an assistant's two accounts refused texts for its own sake lately, so that the next ones need not ask it.

Each process finds out for itself, by one text, and keeps it for a while; then one text tries the account again. What
an account takes opens it at once. With one account nothing is kept: there is nowhere else to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import structlog

from orchestrator.core.effects import SendMessage
from orchestrator.outbox.entries import Entry
from orchestrator.outbox.senders import account_of, numbers_left
from orchestrator.outbox.ways import Ways, texts_by
from orchestrator.ports import Observer

log = structlog.get_logger("tandem.outbox")

SHUT_FOR = 60.0
"""Seconds for which an account that refused is not asked while the other one takes texts."""
FIRST, SECOND = "messaging", "messaging.failover"
"""What the accounts are called: by their sections of the configuration."""


class ShutAccounts:
    """What is known of the accounts; times are Unix seconds. `observer` hears of every change."""

    def __init__(self, ways: Mapping[str, Ways], observer: Observer) -> None:
        self._ways = ways
        self._observer = observer
        self._again_at: dict[tuple[str, str], float] = {}

    def instead(self, entry: Entry, now: float) -> Entry | None:
        """The entry as it leaves from the other account, or None where it is to go as it is."""
        effect, ways = entry.effect, self._ways[entry.assistant]
        if not isinstance(effect, SendMessage) or ways.standby is None:
            return None
        first, own = numbers_left(effect, ways)[0], _name(ways, numbers_left(effect, ways)[0])
        if not self._is_shut(entry.assistant, own, now) or self._is_shut(entry.assistant, _other(own), now):
            return None
        account = account_of(ways, first)
        meant = replace(effect, tried_last=(*effect.tried_last, first, *account.senders, *account.numbers))
        if _name(ways, numbers_left(meant, ways)[0]) == own:
            return None  # the other one was asked already
        return replace(entry, effect=meant)

    def asks(self, entry: Entry, now: float) -> None:
        """An attempt is made: where it is the first after a refusal, the others go on waiting for its end."""
        key = self._key(entry)
        if key in self._again_at:
            self._again_at[key] = max(self._again_at[key], now + SHUT_FOR)

    def refused(self, entry: Entry, code: int, status: int, now: float) -> None:
        """The account of the attempt, or of a text that it reports failed, said no."""
        effect, ways = entry.effect, self._ways[entry.assistant]
        if not isinstance(effect, SendMessage) or ways.standby is None:
            return
        carrier = texts_by(ways, numbers_left(effect, ways)[0])
        if carrier is None or not carrier.shuts_account(code, status):
            return
        key = self._key(entry)
        if key not in self._again_at:
            log.warning("outbox.account_shut", assistant=key[0], account=key[1], code=code, status=status)
        self._again_at[key] = now + SHUT_FOR
        self._observer.account(*key, "shut")

    def took(self, entry: Entry) -> None:
        """The account took a text."""
        if isinstance(entry.effect, SendMessage) and self._again_at.pop(self._key(entry), None) is not None:
            log.info("outbox.account_open", assistant=entry.assistant, account=self._key(entry)[1])
            self._observer.account(*self._key(entry), "open")

    def _is_shut(self, assistant: str, account: str, now: float) -> bool:
        return now < self._again_at.get((assistant, account), 0.0)

    def _key(self, entry: Entry) -> tuple[str, str]:
        ways = self._ways[entry.assistant]
        if not isinstance(entry.effect, SendMessage):
            return entry.assistant, ""
        return entry.assistant, _name(ways, numbers_left(entry.effect, ways)[0])


def _name(ways: Ways, number: str) -> str:
    return SECOND if ways.standby is not None and number in ways.standby.numbers else FIRST


def _other(account: str) -> str:
    return FIRST if account == SECOND else SECOND
