"""What tests of the web share: an API on a store in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import FakeClock
from tests.web.house import Api, new_store


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    """An API of its own."""
    clock = FakeClock()
    store = new_store(clock)
    await store.start()
    made = Api(store, clock)
    yield made
    await made.client.aclose()
    await store.close()
