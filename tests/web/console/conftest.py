"""A console for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.console.desk import Console, opened
from tests.web.house import Api


@pytest.fixture
async def console(api: Api) -> AsyncIterator[Console]:
    """A console of its own."""
    async with opened(api) as made:
        yield made
