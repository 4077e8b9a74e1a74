"""What the parts of the store share: the link, the keys, and how long things last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.ports.records import Address
from orchestrator.store.keys import DAY, INBOX_BOUND, Keys
from orchestrator.store.link import Link
from orchestrator.store.packing import ms
from orchestrator.store.scripts import script


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """Durations in seconds, and bounds.

    `lease`: long enough that a holder who renews every third of it is not lost to a pause, short
    enough that another worker finishes within 30 s. `visibility`: of a claimed outbox entry; an attempt
    begins in its first third and the carrier's HTTP limit is the rest, so that none is under way after. `hidden`: of what `poll` returned.
    """

    retention: float = 7 * DAY
    lease: float = 15.0
    visibility: float = 12.0
    hidden: float = 2.0
    inbox: int = INBOX_BOUND


class Base:
    """Runs scripts on a customer. `clock` gives Unix seconds; without one the server's time holds."""

    def __init__(
        self,
        link: Link,
        keys: Keys,
        *,
        lifetimes: Lifetimes | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.link = link
        self.keys = keys
        self.lifetimes = lifetimes or Lifetimes()
        self._clock = clock
        life = max(self.lifetimes.retention, DAY)
        self._spans = (ms(self.lifetimes.lease), ms(life), ms(self.lifetimes.visibility))

    @property
    def partitions(self) -> int:
        """How many partitions there are to poll."""
        return self.keys.partitions

    def _now(self) -> str | int:
        return "" if self._clock is None else ms(self._clock())

    async def _run(self, name: str, address: Address, *args: Any, more_keys: Sequence[str] = ()) -> Any:
        keys = [*self.keys.customer(address), *more_keys]
        common = (self._now(), address.customer, *self._spans)
        return await self.link.run(script(name), keys, (*common, *args))
