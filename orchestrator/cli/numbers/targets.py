"""Which numbers a configuration uses, at which account, and what each one serves. Asks no network but
where it looks a number up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from channels.twilio.account import Account, OwnedNumber
from channels.twilio.integration import Integration, Kind
from config import Settings
from orchestrator.app import SIMULATOR_PATH
from orchestrator.app.lines import integrations
from orchestrator.app.simulated import token_of
from orchestrator.cli.numbers.trouble import Trouble, carrier_trouble
from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import E164


class UsageError(Exception):
    """The command was asked for something that it cannot mean; exit code 2."""


@dataclass(frozen=True, slots=True)
class Target:
    """One of our numbers at one account, and the kinds of traffic that it serves there."""

    integration: Integration
    number: str
    kinds: frozenset[Kind]

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one and the same number of one account."""
        return self.integration.base_url, self.integration.account_sid, self.number


@dataclass(frozen=True, slots=True)
class Looked:
    """A target, and what the carrier has for it, or why that is not known."""

    target: Target
    owned: OwnedNumber | None = None
    trouble: Trouble | None = None


def known_integrations(settings: Settings) -> list[Integration]:
    """Every phone and messaging integration; those of the built-in carrier use the REST API that it has
    in the running service.
    """
    return integrations(settings, settings.service.public_url + SIMULATOR_PATH, token_of(settings))


def targets(found: Sequence[Integration], only: Sequence[str] = ()) -> list[Target]:
    """The numbers of these integrations, in their order; with `only` just those. Raises UsageError."""
    made: dict[tuple[str, str, str], Target] = {}
    for entry in found:
        for number in entry.numbers:
            target = Target(entry, number, frozenset({entry.kind}))
            before = made.get(target.key)
            if before is not None:
                target = Target(before.integration, number, before.kinds | target.kinds)
            made[target.key] = target
    wanted = {_number(text) for text in only}
    unknown = wanted - {target.number for target in made.values()}
    if unknown:
        known = ", ".join(dict.fromkeys(target.number for target in made.values()))
        raise UsageError(f"not in this configuration: {', '.join(sorted(unknown))}; its numbers are {known}")
    return [target for target in made.values() if not wanted or target.number in wanted]


def _number(text: str) -> str:
    try:
        return E164.parse(text)
    except ValueError as error:
        raise UsageError(f"{text}: {error}") from None


async def look(http: httpx.AsyncClient, target: Target, *, total_timeout: float = 8.0) -> Looked:
    """What the carrier has for a number; never raises for what the carrier does."""
    account = Account(http, target.integration, total_timeout=total_timeout)
    try:
        owned = await account.number(target.number)
    except CarrierError as error:
        return Looked(target, trouble=carrier_trouble(error, target.integration))
    if owned is None:
        return Looked(target, trouble=forbidden(target))
    return Looked(target, owned)


def forbidden(target: Target) -> Trouble:
    """The account has no such number."""
    kinds = [target.integration.section] if target.integration.standby else sorted(target.kinds, reverse=True)
    path = " and ".join(f"{kind}.account_sid" for kind in kinds)
    return Trouble(
        f"Forbidden: {target.number} is not a number of account {target.integration.account_sid}",
        f"give the account that owns it as {path} of assistant {target.integration.assistant}, "
        f"or correct the number",
    )
