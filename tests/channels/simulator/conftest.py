"""The simulator with a customer's application, for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.channels.simulator.customer import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Simulator and application, joined in process."""
    async with House() as house:
        yield house
