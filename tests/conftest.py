"""What every test has: one async backend, and property tests that a busy machine does not fail."""

from __future__ import annotations

import signal
import sys

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


def pytest_collection_finish() -> None:
    """Where the tests at hand use the embedded store, its scripts are compiled once."""
    if "fakeredis" in sys.modules:
        from tests.fakes.lua import compile_once  # noqa: PLC0415 - most runs of a few tests need no fakeredis

        compile_once()
