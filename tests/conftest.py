"""What every test has: one async backend, and property tests that a busy machine does not fail."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # the machine is shared: time proves nothing here
settings.load_profile("house")

# A shell that runs this in the background has Ctrl-C ignored, and processes inherit that: those that the
# tests start must hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the house does."""
    return "asyncio"
