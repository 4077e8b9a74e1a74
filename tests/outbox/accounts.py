"""Two accounts that texts may leave from, as tests set them up."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.errors import CarrierError
from orchestrator.core.numbers import E164
from orchestrator.ports import Unobserved
from tests.fakes.processes import Town

ALSO, SECOND, THIRD = E164("+19585550124"), E164("+19585550301"), E164("+19585550302")


class Watcher(Unobserved):
    """Keeps what is told of accounts."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    def account(self, assistant: str, account: str, state: str) -> None:
        """Keep it, once each."""
        if (assistant, account, state) not in self.told:
            self.told.append((assistant, account, state))


def town_of(*first: E164, second: tuple[E164, ...] = (SECOND, THIRD)) -> Town:
    """A town with these numbers in the first account and in the second one."""
    town = Town()
    assert town.rules.messaging is not None
    town.rules = replace(town.rules, messaging=replace(town.rules.messaging, numbers=(*first, *second)))
    town.second_numbers = second
    return town


def shut(status: int) -> CarrierError:
    """A refusal that has no code of its own."""
    return CarrierError("no", outcome="refused", status=status)
