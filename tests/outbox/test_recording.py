"""What the carrier said is recorded through a short outage of the store."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.outbox.recording import PAUSES, record
from orchestrator.ports import Address, Claimed, Settlement, Store
from orchestrator.timers import MOST, Ticker
from tests.fakes.clock import FakeClock, settle

pytestmark = pytest.mark.anyio
CLAIMED = Claimed("t1", "payload", 1, "token", 0.0)
END = Settlement("done", "SM1")


class Away:
    """A store that is away for the first `times` settlements."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.tries = 0

    async def settle(self, address: Address, entry: str, token: str, end: Settlement) -> bool:
        """Settle, once the store is back."""
        self.tries += 1
        if self.tries <= self.times:
            raise StoreUnavailable("away")
        return (entry, token, end) == ("t1", "token", END)


async def recorded(away: Away) -> bool:
    """The settlement, with all the time it needs."""
    clock = FakeClock()
    task = asyncio.ensure_future(record(cast("Store", away), clock, Address(0, "a"), CLAIMED, END))
    await clock.advance(sum(PAUSES))
    return await task


async def test_a_settlement_is_tried_until_the_store_is_back() -> None:
    """Three failures, then it counts; nothing is searched at the carrier."""
    away = Away(3)
    assert await recorded(away)
    assert away.tries == 4


async def test_a_longer_outage_is_told() -> None:
    """After the last try the outage is the caller's to know: the entry is searched later."""
    away = Away(99)
    with pytest.raises(StoreUnavailable):
        await recorded(away)
    assert away.tries == len(PAUSES) + 1


async def test_a_backlog_waits_in_the_store() -> None:
    """With the most under way, nothing more is taken from the store until some are done."""
    ticker = Ticker(cast("Any", None), cast("Any", None), cast("Any", None))
    stuck = [asyncio.ensure_future(asyncio.sleep(3600)) for _ in range(MOST)]
    ticker._under_way.update(stuck)
    assert await ticker.look() == 0
    for task in stuck:
        task.cancel()
    await settle()
