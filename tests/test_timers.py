"""The look for due work goes on, whatever a look meets."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from orchestrator.core.errors import ContractError, StoreUnavailable
from orchestrator.timers import Ticker
from tests.fakes.clock import FakeClock, settle

pytestmark = pytest.mark.anyio


class Poor:
    """A store of two partitions, whose looks meet trouble."""

    partitions = 2

    def __init__(self, trouble: Exception) -> None:
        self.trouble = trouble
        self.looks = 0

    async def poll(self, partition: int) -> list[Any]:
        """Nothing is due, if only one could see it."""
        self.looks += 1
        raise self.trouble


@pytest.mark.parametrize("trouble", [StoreUnavailable("away"), ContractError("refused")])
async def test_a_look_that_fails_is_not_the_last(trouble: Exception) -> None:
    """A process goes on looking each second, even where the store refuses what it never should."""
    store, clock = Poor(trouble), FakeClock()
    house = SimpleNamespace(store=store, clock=clock, closing=False)
    task = asyncio.ensure_future(Ticker(cast("Any", house), cast("Any", None), cast("Any", None)).run())
    await clock.advance(5)
    assert store.looks >= 4 * store.partitions
    task.cancel()
    await settle()
