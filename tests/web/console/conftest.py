"""A console for each test, and one with phones."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.console.desk import Browser, Console, opened
from tests.web.console.simulation import FakeSimulation
from tests.web.house import Api


@pytest.fixture
async def console(api: Api) -> AsyncIterator[Console]:
    """A console of its own."""
    async with opened(api) as made:
        yield made


@pytest.fixture
def simulation() -> FakeSimulation:
    """Phones of its own."""
    return FakeSimulation()


@pytest.fixture
async def browser(api: Api, simulation: FakeSimulation) -> AsyncIterator[Browser]:
    """Somebody who is signed in to a console with phones."""
    async with opened(api, simulation=simulation) as console:
        yield await console.signed_in()
